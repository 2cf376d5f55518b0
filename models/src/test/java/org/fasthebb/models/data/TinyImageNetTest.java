package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyImageNetTest {
  @TempDir Path parent;
  private Path dir;

  @BeforeEach
  void writeFiles() throws IOException {
    dir = TinyFiles.write(parent);
  }

  @Test
  void readsColourAndGreyInTheOrderOfTheClasses() {
    DataSet data = TinyImageNet.read(dir, 32);
    assertEquals("tiny-imagenet", data.name());
    assertEquals(List.of("cat", "dog"), data.train().classNames());
    assertArrayEquals(new int[] {0, 0, 1}, data.train().labels());
    assertArrayEquals(new int[] {1, 0, 1}, data.test().labels());
    assertEquals(32, data.train().height());
    assertEquals(32, data.train().width());
    assertGrey(data.train(), 20, 21, 10);
    assertGrey(data.test(), 100, 101, 102);
    assertEquals(data.fingerprint(), TinyImageNet.read(parent, 32).fingerprint());
  }

  @Test
  void readsFewerClassesAndImages() throws IOException {
    Files.writeString(dir.resolve("wnids.txt"), "n01\n");
    DataSet data = TinyImageNet.read(dir, 32);
    assertEquals(List.of("dog"), data.test().classNames());
    assertGrey(data.train(), 10);
    assertGrey(data.test(), 100, 102);
    Files.delete(dir.resolve("val/images/val_1.JPEG"));
    assertGrey(TinyImageNet.read(dir, 32).test(), 100, 102);
  }

  @Test
  void refusesMissingTextFiles() throws IOException {
    for (String name : List.of("wnids.txt", "words.txt", "val/val_annotations.txt")) {
      Path file = dir.resolve(name);
      String text = Files.readString(file);
      Files.delete(file);
      assertRefused(
          file
              + " is missing; expected the files of Tiny ImageNet there, or in a folder"
              + " tiny-imagenet-200.");
      Files.writeString(file, text);
    }
  }

  @Test
  void refusesClassesWithoutImagesOrNames() throws IOException {
    Path ids = Files.writeString(dir.resolve("wnids.txt"), "n01\nn02\nn01\n");
    assertRefused(ids + " names n01 twice; remove one line.");
    Files.writeString(ids, "n01\nn00\n");
    assertRefused(
        dir.resolve("train/n00/images")
            + " has no images, but wnids.txt names that class; extract it from the archive again,"
            + " or remove the line.");
    Files.writeString(ids, "n01\nn03\n");
    assertRefused(
        dir.resolve("words.txt")
            + " has no names for n03 of wnids.txt; extract it from the archive again.");
  }

  @Test
  void refusesTestImagesThatDoNotFitTheirList() throws IOException {
    Path list = dir.resolve("val/val_annotations.txt");
    String text = Files.readString(list);
    Path image = dir.resolve("val/images/val_1.JPEG");
    Files.writeString(list, text.lines().skip(1).toList().getFirst());
    assertRefused(image + " has no class in " + list + "; add its line there or remove it.");
    Files.writeString(list, text + "val_3.JPEG\n");
    assertRefused(
        list + " has the line 'val_3.JPEG', which is no file name, tab and class; correct it.");
    Files.writeString(list, text);
    Files.delete(image);
    assertRefused(
        image
            + " is missing, but "
            + list
            + " names it; extract it from the archive again, or remove the line.");
    Files.writeString(list, "val_1.JPEG\tn07\n");
    Files.delete(dir.resolve("val/images/val_0.JPEG"));
    Files.delete(dir.resolve("val/images/val_2.JPEG"));
    assertRefused(
        image.getParent()
            + " has no images of the classes in wnids.txt; extract it from the archive again.");
  }

  @Test
  void namesAnUnreadableImage() throws IOException {
    Path image = Files.writeString(dir.resolve("train/n01/images/n01_0.JPEG"), "no image");
    assertRefused(
        image
            + " cannot be read as an image (not a known image format); save it again as an RGB PNG"
            + " or JPEG, or remove it.");
  }

  private void assertRefused(String message) {
    var error = assertThrows(DataException.class, () -> TinyImageNet.read(dir, 32));
    assertEquals(message, error.getMessage());
  }

  private static void assertGrey(ImageSource set, int... greys) {
    assertEquals(greys.length, set.size());
    byte[] pixels = Images.pixels(set);
    for (int i = 0; i < pixels.length; i++) {
      assertEquals(greys[i / (pixels.length / greys.length)], Byte.toUnsignedInt(pixels[i]));
    }
  }
}
