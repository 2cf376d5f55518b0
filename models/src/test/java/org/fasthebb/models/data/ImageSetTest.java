package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSetTest {
  private static final List<String> NAMES = List.of("a", "b");

  @Test
  void returnsItsImages() {
    byte[] pixels = new byte[2 * 3 * 4 * 1];
    int[] labels = {1, 0};
    ImageSet set = new ImageSet(3, 4, 1, NAMES, pixels, labels);
    assertEquals(2, set.size());
    assertEquals(3, set.height());
    assertEquals(4, set.width());
    assertEquals(1, set.channels());
    assertEquals(2, set.classes());
    assertEquals(NAMES, set.classNames());
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    byte[] read = new byte[14];
    set.read(1, read, 1);
    assertArrayEquals(new byte[] {0, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0}, read);
    assertThrows(IndexOutOfBoundsException.class, () -> set.read(2, read, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> set.read(0, read, 3));
    assertEquals(1, set.label(0));
    assertArrayEquals(new int[] {1, 0}, set.labels());
  }

  @Test
  void labelsAndNamesCannotBeChangedFromOutside() {
    int[] labels = {1};
    List<String> names = new ArrayList<>(NAMES);
    ImageSet set = new ImageSet(1, 1, 1, names, new byte[1], labels);
    labels[0] = 0;
    names.clear();
    assertEquals(1, set.label(0));
    assertEquals(NAMES, set.classNames());
  }

  @Test
  void refusesWrongLengths() {
    assertRefused(
        "2 images of 1x1x3 need 6 pixel bytes, but 5 were given.", 1, 3, NAMES, new byte[5], 0, 0);
    assertRefused(
        "image height, width and channels must be at least 1, but are 0, 1 and 3.",
        0,
        3,
        NAMES,
        new byte[0],
        0);
    assertRefused("an image set needs at least one class name.", 1, 3, List.of(), new byte[3], 0);
  }

  @Test
  void refusesLabelsOutOfRange() {
    assertRefused("label 2 of image 1 is outside 0..1.", 1, 1, NAMES, new byte[2], 0, 2);
    assertRefused("label -1 of image 0 is outside 0..1.", 1, 1, NAMES, new byte[1], -1);
  }

  @Test
  void refusesMoreThanOneArrayHolds() {
    var error =
        assertThrows(
            DataException.class, () -> ImageSet.allocate("big/train", 20_000, 210, 210, 3));
    assertEquals(
        "big/train: 20000 images of 210x210x3 take 2646000000 bytes, over the limit of 2147483647;"
            + " use fewer or smaller images.",
        error.getMessage());
    assertEquals(12, ImageSet.allocate("small", 1, 2, 2, 3).length);
  }

  private static void assertRefused(
      String message, int height, int channels, List<String> names, byte[] pixels, int... labels) {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ImageSet(height, 1, channels, names, pixels, labels));
    assertEquals(message, error.getMessage());
  }
}
