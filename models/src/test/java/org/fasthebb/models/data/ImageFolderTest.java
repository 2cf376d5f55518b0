package org.fasthebb.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.fasthebb.models.image.Orientation;
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
  void imagesThatDoNotFitAreDecodedOnDemand() throws IOException {
    for (int i = 0; i < 3; i++) {
      write("train/x/" + i + ".png", i);
    }
    write("test/x/0.png", 0);
    DataSet kept = ImageFolder.read(dir, 8);
    assertFalse(kept.train().isSlow());
    int side = 12_000; // 432 MB each: in all more than a quarter of any heap of tests
    DataSet large = ImageFolder.read(dir, side);
    assertTrue(large.train().isSlow());
    assertEquals(side, large.train().width());
    assertEquals("2.png", large.train().nameOf(2));
    assertTrue(large.train().identity(0).isEmpty()); // so the fingerprint is that of kept images
    DataSet huge = ImageFolder.read(dir, 1 << 14); // over 2^31 bytes
    assertEquals(
        "2.png/" + Files.size(dir.resolve("train/x/2.png")) + "/UPRIGHT/1",
        huge.train().identity(2).orElseThrow());
    assertTrue(huge.test().identity(0).isPresent());
  }

  @Test
  void bothWaysToDecodeGiveTheSameBytes() throws IOException {
    write("train/x/a.png", 7);
    write("train/y/b.jpg", 9);
    write("test/y/c.png", 4);
    ImageFiles files = ImageFolder.train(dir, Problems.STOP);
    ImageSource onDemand = files.onDemand(8, Orientation.UPRIGHT);
    DataSet kept = ImageFolder.read(dir, 8);
    assertArrayEquals(Images.pixels(kept.train()), Images.pixels(onDemand));
    DataSet slow =
        new DataSet(
            "x",
            new DecodedOnDemand(files, 8, Orientation.UPRIGHT, false),
            new DecodedOnDemand(
                ImageFolder.test(dir, files.classes(), Problems.STOP),
                8,
                Orientation.UPRIGHT,
                false));
    assertEquals(kept.fingerprint(), slow.fingerprint());
  }

  @Test
  void readsEveryExtensionAndSkipsOtherFiles() throws IOException {
    String[] names = {
      "a.png", "b.jpg", "c.jpeg", "d.JPEG", "e.bmp", "f.gif", "g.PNG", "h.tif", "i.TIFF"
    };
    for (int i = 0; i < names.length; i++) {
      write("train/x/" + names[i], 10 * i);
    }
    Files.writeString(dir.resolve("train/x/notes.txt"), "not an image");
    Files.writeString(dir.resolve("train/x/._a.png"), "not an image");
    Files.createDirectory(dir.resolve("train/.cache"));
    Files.createDirectory(dir.resolve("train/x/folder.png"));
    write("test/x/a.png", 1);
    assertArrayEquals(
        new int[] {0, 10, 20, 30, 40, 50, 60, 70, 80},
        firstBytes(ImageFolder.read(dir, 4).train()));
  }

  @Test
  void readsImagesWhateverTheirNames() throws IOException {
    write("test/x/a.png", 1);
    write("train/x/a.png", 10);
    for (String name : List.of("b.jpe", "c.jfif", "d", "e.txt", "f.jpg")) {
      Files.copy(dir.resolve("train/x/a.png"), dir.resolve("train/x").resolve(name));
    }
    Files.writeString(dir.resolve("train/x/g.ppm"), "P6 1 1 255\nAAA");
    assertArrayEquals(
        new int[] {10, 10, 10, 10, 10, 10, 'A'}, firstBytes(ImageFolder.read(dir, 4).train()));
  }

  @Test
  void turnsPhotosUprightUnlessToldOtherwise() throws IOException {
    // Stored: two rows and three columns. Orientation 6: the left column is the upper row.
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 1, 0x640000);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    String exif =
        "0000001a65584966" + "4d4d002a00000008" + "0001011200030000000100060000" + "00000000";
    byte[] bytes = png.toByteArray();
    int afterHeader = 33;
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(bytes, 0, afterHeader);
    marked.writeBytes(HexFormat.of().parseHex(exif + "00000000"));
    marked.write(bytes, afterHeader, bytes.length - afterHeader);
    for (String part : List.of("train", "test")) {
      Files.createDirectories(dir.resolve(part).resolve("x"));
      Files.write(dir.resolve(part).resolve("x/a.png"), marked.toByteArray());
    }
    DataSet upright = ImageFolder.read(dir, 2);
    DataSet stored = ImageFolder.read(dir, 2, Orientation.STORED, _ -> {});
    // The crop takes two rows, or two columns, of three: rint(0.5) is 0, so the first two.
    assertArrayEquals(new int[] {100, 0, 0, 0}, reds(upright.train()));
    assertArrayEquals(new int[] {0, 0, 100, 0}, reds(stored.train()));
  }

  private static int[] reds(ImageSource set) {
    byte[] pixels = Images.pixels(set);
    return IntStream.range(0, pixels.length / 3).map(p -> pixels[3 * p]).toArray();
  }

  @Test
  void saysInOneSentenceWhatIsLeftOut() throws IOException {
    write("train/x/a.png", 1);
    write("train/x/more/a.png", 1);
    write("train/x/more/b.png", 1);
    Files.writeString(dir.resolve("train/x/.hidden"), "");
    write("test/x/a.png", 1);
    List<String> notes = new ArrayList<>();
    ImageFolder.read(dir, 4, Orientation.UPRIGHT, notes::add);
    assertEquals(
        List.of("3 files in " + dir + " are left out: in a sub-folder (2), hidden (1)."), notes);
    notes.clear();
    Files.delete(dir.resolve("train/x/.hidden"));
    Files.delete(dir.resolve("train/x/more/b.png"));
    ImageFolder.read(dir, 4, Orientation.UPRIGHT, notes::add);
    assertEquals(List.of("1 file in " + dir + " is left out: in a sub-folder (1)."), notes);
    notes.clear();
    Files.delete(dir.resolve("train/x/more/a.png"));
    ImageFolder.read(dir, 4, Orientation.UPRIGHT, notes::add);
    assertEquals(List.of(), notes);
  }

  @Test
  void namesAnImageThatIsTooLarge() throws IOException {
    write("train/x/a.png", 1);
    write("test/x/a.png", 1);
    Path big = dir.resolve("train/x/big.png");
    String header = "89504e470d0a1a0a0000000d4948445200000001015ef3c00802000000";
    Files.write(big, HexFormat.of().parseHex(header));
    var error = assertThrows(DataException.class, () -> ImageFolder.read(dir, 8));
    assertTrue(
        error.getMessage().startsWith(big + " cannot be read as an image (it has 1x23000000 pix"),
        error.getMessage());
  }

  @Test
  void extremeShapesKeepTheirMiddle() throws IOException {
    // 60,000 rows of one column: resized to 32 columns there would be 1,920,000 rows.
    BufferedImage image = new BufferedImage(1, 60_000, BufferedImage.TYPE_INT_RGB);
    for (int y = 29_990; y < 30_010; y++) {
      image.setRGB(0, y, 0x424242);
    }
    write("test/x/a.png", 1);
    Path file = Files.createDirectories(dir.resolve("train/x")).resolve("a.png");
    ImageIO.write(image, "png", file.toFile());
    for (byte value : Images.pixels(ImageFolder.read(dir, 32).train())) {
      assertEquals(0x42, value);
    }
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
    assertRefused(empty + " has no images that can be read directly in it; add some or remove it.");
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
    assertEquals("the image side must be from 1 to 16384, but is 0.", error.getMessage());
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
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String format = ending.equals("tif") ? "tiff" : ending;
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
