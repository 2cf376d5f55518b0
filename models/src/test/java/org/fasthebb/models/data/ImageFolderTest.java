package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  private static final String LAYOUT =
      "; expected images as train/CLASS/FILE and test/CLASS/FILE (or val).";

  @TempDir Path dir;

  @Test
  void readsClassesAndFilesInNameOrder() throws IOException {
    write("train/dog/b.png", 2);
    write("train/dog/a.png", 1);
    write("train/cat/z.png", 3);
    write("train/cat/B.JPEG", 4);
    write("test/dog/t.png", 5);
    DataSet data = ImageFolder.read(dir, 8);
    assertEquals(dir.getFileName().toString(), data.name());
    assertEquals(List.of("cat", "dog"), data.train().classNames());
    assertArrayEquals(new int[] {0, 0, 1, 1}, data.train().labels());
    assertArrayEquals(new int[] {4, 3, 1, 2}, firstBytes(data.train()));
    assertArrayEquals(new int[] {1}, data.test().labels());
    assertArrayEquals(new int[] {5}, firstBytes(data.test()));
    assertEquals(8, data.train().height());
    assertEquals(8, data.train().width());
    assertEquals(3, data.train().channels());
  }

  @Test
  void readsEveryExtensionAndSkipsOtherFiles() throws IOException {
    String[] names = {"a.png", "b.jpg", "c.jpeg", "d.JPEG", "e.bmp", "f.gif", "g.PNG"};
    for (int i = 0; i < names.length; i++) {
      write("train/x/" + names[i], 10 * i);
    }
    Files.writeString(dir.resolve("train/x/notes.txt"), "not an image");
    Files.writeString(dir.resolve("train/x/._a.png"), "not an image");
    Files.createDirectory(dir.resolve("train/.cache"));
    Files.createDirectory(dir.resolve("train/x/folder.png"));
    write("test/x/a.png", 1);
    assertArrayEquals(
        new int[] {0, 10, 20, 30, 40, 50, 60}, firstBytes(ImageFolder.read(dir, 4).train()));
  }

  @Test
  void usesValOnlyIfThereIsNoTest() throws IOException {
    write("train/x/a.png", 1);
    write("val/x/a.png", 2);
    assertArrayEquals(new int[] {2}, firstBytes(ImageFolder.read(dir, 8).test()));
    write("test/x/a.png", 3);
    assertArrayEquals(new int[] {3}, firstBytes(ImageFolder.read(dir, 8).test()));
  }

  @Test
  void testMayLackAClass() throws IOException {
    write("train/x/a.png", 1);
    write("train/y/a.png", 2);
    write("test/y/a.png", 3);
    assertArrayEquals(new int[] {1}, ImageFolder.read(dir, 8).test().labels());
  }

  @Test
  void oneThreadReadsTheSame() throws Exception {
    for (int i = 0; i < 60; i++) {
      write(String.format(Locale.ROOT, "train/x/%02d.png", i), 4 * i);
    }
    write("test/x/a.png", 1);
    String many = ImageFolder.read(dir, 8).fingerprint();
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      assertEquals(many, one.submit(() -> ImageFolder.read(dir, 8).fingerprint()).get());
    }
  }

  @Test
  void saysWhatLayoutIsExpected() throws IOException {
    assertRefused(dir + " has no folder train" + LAYOUT);
    write("train/x/a.png", 1);
    assertRefused(dir + " has no folder test or val" + LAYOUT);
  }

  @Test
  void refusesNoClasses() throws IOException {
    write("test/x/a.png", 1);
    Files.createDirectory(dir.resolve("train"));
    Files.writeString(dir.resolve("train/loose.png"), "");
    assertRefused(
        dir.resolve("train") + " has no class folders; expected images as train/CLASS/FILE.");
  }

  @Test
  void refusesEmptyClass() throws IOException {
    write("train/x/a.png", 1);
    write("test/x/a.png", 1);
    Path empty = Files.createDirectory(dir.resolve("train/y"));
    assertRefused(
        empty + " has no png, jpg, jpeg, bmp or gif files directly in it; add some or remove it.");
  }

  @Test
  void refusesTestClassThatTrainLacks() throws IOException {
    write("train/x/a.png", 1);
    write("test/y/a.png", 1);
    assertRefused(
        "%s is a class that %s does not have; add it there or remove it here."
            .formatted(dir.resolve("test/y"), dir.resolve("train")));
  }

  @Test
  void namesTheFirstBadImage() throws IOException {
    for (int i = 0; i < 20; i++) {
      write(String.format(Locale.ROOT, "train/x/%02d.png", i), i);
    }
    write("test/x/a.png", 1);
    Files.writeString(dir.resolve("train/x/17.png"), "not an image");
    Path first = Files.writeString(dir.resolve("train/x/05.png"), "not an image");
    assertRefused(
        first
            + " cannot be read as an image (not a known image format);"
            + " save it again as an RGB PNG or JPEG, or remove it.");
  }

  @Test
  void refusesSideBelowOne() {
    var error = assertThrows(DataException.class, () -> ImageFolder.read(dir, 0));
    assertEquals("the image side must be at least 1, but is 0.", error.getMessage());
  }

  private void assertRefused(String message) {
    var error = assertThrows(DataException.class, () -> ImageFolder.read(dir, 8));
    assertEquals(message, error.getMessage());
  }

  /** An 8x8 image that is {@code grey} all over, which JPEG keeps as it is. */
  private void write(String name, int grey) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 64; p++) {
      image.setRGB(p % 8, p / 8, 0x010101 * grey);
    }
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    String format = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    ImageIO.write(image, format, file.toFile());
  }

  private static int[] firstBytes(ImageSource set) {
    int[] bytes = new int[set.size()];
    int length = set.imageBytes();
    byte[] pixels = Images.pixels(set);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = Byte.toUnsignedInt(pixels[i * length]);
    }
    return bytes;
  }
}
