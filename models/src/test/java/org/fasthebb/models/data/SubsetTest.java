package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubsetTest {
  /** Image i is of class i % 5 and has the pixel i. */
  private static DataSet data() {
    List<String> names = List.of("a", "b", "c", "d", "e");
    byte[] train = new byte[100];
    byte[] test = new byte[10];
    for (int i = 0; i < 100; i++) {
      train[i] = (byte) i;
      test[i / 10] = (byte) (i / 10);
    }
    int[] labels = IntStream.range(0, 100).map(i -> i % 5).toArray();
    return new DataSet(
        "x",
        new ImageSet(1, 1, 1, names, train, labels),
        new ImageSet(1, 1, 1, names, test, Arrays.copyOf(labels, 10)));
  }

  private static List<Integer> pixels(ImageSource set) {
    List<Integer> pixels = new ArrayList<>();
    for (byte pixel : Images.pixels(set)) {
      pixels.add((int) pixel);
    }
    return pixels;
  }

  @Test
  void takesTheFirstClasses() {
    DataSet part = Subset.of(data(), 2, null);
    assertEquals("x", part.name());
    assertEquals(List.of("a", "b"), part.train().classNames());
    assertEquals(
        IntStream.range(0, 100).filter(i -> i % 5 < 2).boxed().toList(), pixels(part.train()));
    assertEquals(List.of(0, 1, 5, 6), pixels(part.test()));
    assertArrayEquals(new int[] {0, 1, 0, 1}, part.test().labels());
  }

  @Test
  void takesSomeOfEachClassInTheirOrder() {
    DataSet part = Subset.of(data(), null, 7);
    List<Integer> taken = pixels(part.train());
    assertEquals(35, taken.size());
    assertEquals(taken.stream().sorted().toList(), taken);
    for (int c = 0; c < 5; c++) {
      int label = c;
      List<Integer> ofClass = taken.stream().filter(i -> i % 5 == label).toList();
      assertEquals(7, ofClass.size());
      assertNotEquals(IntStream.range(0, 7).map(i -> 5 * i + label).boxed().toList(), ofClass);
    }
    assertEquals(10, part.test().size());
    assertEquals(taken, pixels(Subset.of(data(), 5, 7).train()));
  }

  @Test
  void aSmallerPartIsInALargerOne() {
    List<Integer> larger = pixels(Subset.of(data(), 3, 9).train());
    assertTrue(larger.containsAll(pixels(Subset.of(data(), 2, 4).train())));
    assertEquals(pixels(data().train()), pixels(Subset.of(data(), 5, 20).train()));
  }

  @Test
  void partsHaveTheirOwnFingerprints() {
    assertEquals(data().fingerprint(), Subset.of(data(), 5, null).fingerprint());
    assertNotEquals(data().fingerprint(), Subset.of(data(), 5, 19).fingerprint());
    assertNotEquals(data().fingerprint(), Subset.of(data(), 4, null).fingerprint());
  }

  @Test
  void refusesMoreThanThereIs() {
    var error = assertThrows(DataException.class, () -> Subset.of(data(), 6, null));
    assertEquals("x has 5 classes, but 6 were asked for; take 2 to 5.", error.getMessage());
    error = assertThrows(DataException.class, () -> Subset.of(data(), 2, 2_000_000_000));
    assertEquals(
        "x has 20 training images of class a, but 2000000000 per class were asked for; take at most"
            + " 20.",
        error.getMessage());
  }
}
