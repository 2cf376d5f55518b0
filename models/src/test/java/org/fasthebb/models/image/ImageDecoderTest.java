package org.fasthebb.models.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.fasthebb.engine.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderTest {
  @TempDir Path dir;

  @Test
  void readsColoursRowByRow() throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_3BYTE_BGR}) {
      BufferedImage image = new BufferedImage(3, 2, type);
      image.setRGB(2, 0, 0x0180FF);
      image.setRGB(0, 1, 0xFE7F02);
      RgbImage decoded = decode(write(image, "png"));
      assertEquals(2, decoded.height());
      assertEquals(3, decoded.width());
      byte[] expected = new byte[18];
      expected[6] = 1;
      expected[7] = (byte) 0x80;
      expected[8] = (byte) 0xFF;
      expected[9] = (byte) 0xFE;
      expected[10] = 0x7F;
      expected[11] = 2;
      assertArrayEquals(expected, decoded.rgb());
    }
  }

  @Test
  void keepsGreyLevelsAndMakesThemRgb() throws IOException {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }
    byte[] rgb = decode(write(image, "png")).rgb();
    for (int i = 0; i < rgb.length; i++) {
      assertEquals((byte) (i / 3), rgb[i]);
    }
  }

  @Test
  void keepsTheTopBitsOf16BitGrey() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0xABCD);
    assertArrayEquals(
        new byte[] {(byte) 0xAB, (byte) 0xAB, (byte) 0xAB}, decode(write(image, "png")).rgb());
  }

  @Test
  void readsPalettesAndDropsAlpha() throws IOException {
    BufferedImage palette = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
    palette.setRGB(0, 0, 0xFF0000);
    assertArrayEquals(new byte[] {-1, 0, 0}, decode(write(palette, "gif")).rgb());
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0x40102030);
    assertArrayEquals(new byte[] {0x10, 0x20, 0x30}, decode(write(clear, "png")).rgb());
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    BufferedImage image = noise();
    for (String format : new String[] {"png", "jpg", "bmp", "gif", "tif"}) {
      Path file = write(image, format);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      assertRefused(file);
    }
  }

  @Test
  void refusesFilesThatAreEmptyOrNoImage() throws IOException {
    assertRefused(Files.write(dir.resolve("empty.png"), new byte[0]));
    assertRefused(Files.writeString(dir.resolve("text.jpg"), "not an image"));
  }

  /** The JDK only warns of damage and goes on, with shifted or grey pixels. */
  @Test
  void refusesJpegsThatTheDecoderWarnsOf() throws IOException {
    String line =
        PillowTest.lines().stream()
            .filter(text -> text.startsWith("larger_rgb_q75_s2_pTrue.jpg "))
            .findFirst()
            .orElseThrow();
    byte[] whole = Base64.getDecoder().decode(line.split(" ")[1]);
    Set<String> kinds = new TreeSet<>();
    for (int i = 0; i < 400; i++) {
      byte[] file = whole.clone();
      int at = 700 + Math.floorMod(SplitMix64.bits(2, i), whole.length - 720);
      Arrays.fill(file, at, at + 1 + i % 16, (byte) 0);
      List<String> warnings = warnings(file);
      warnings.forEach(warning -> kinds.add(warning.replaceAll("[0-9]+", "N")));
      if (!warnings.isEmpty()) {
        assertThrows(
            IOException.class,
            () -> JpegImage.open(file).decodeByJdk(),
            () -> "zeros at " + at + ": " + warnings);
      }
    }
    assertTrue(kinds.stream().anyMatch(kind -> kind.contains("bad Huffman code")), kinds::toString);
    assertTrue(kinds.stream().anyMatch(kind -> kind.contains("extraneous bytes")), kinds::toString);
  }

  private static List<String> warnings(byte[] jpeg) throws IOException {
    List<String> warnings = new ArrayList<>();
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
    reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(jpeg)));
    try {
      reader.readRaster(0, null);
    } catch (IIOException e) {
      warnings.add(e.getMessage());
    } finally {
      reader.dispose();
    }
    return warnings;
  }

  @Test
  void refusesTooManyPixelsBeforeDecoding() {
    // Headers only: to decode would end in another error.
    String png = "89504e470d0a1a0a0000000d49484452%08x%08x0802000000";
    assertRefused(png.formatted(1, 23_000_000), "it has 1x23000000 pixels; at most 178,956,970");
    assertRefused(png.formatted(20_000, 20_000), "it has 20000x20000 pixels; at most 178,956,970");
    assertRefused(
        "474946383961ffffffff0000002c00000000" + "01000100" + "80", "it has 65535x65535 pix");
    String ppm = "P6 %d %d 255 ";
    assertRefused(hex(ppm.formatted(65_536, 1)), "it has 65536x1 pixels; at most");
    assertRefused(hex(ppm.formatted(0, 1)), "it has 0x1 pixels");
    assertRefused(
        "ffd8" + "ffc0001108" + "ffff" + "ffff" + "03011100021100031100" + "ffda000c",
        "it has 65535x65535 pixels");
    assertRefused(
        "424d00000000000000003600000028000000204e0000204e000001001800" + "00".repeat(24),
        "it has 20000x20000 pixels");
    assertRefused(
        "49492a0008000000"
            + "0200"
            + "000104000100000001000000"
            + "01010400010000000000ff00"
            + "00000000",
        "it has 1x16711680 pixels");
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void assertRefused(String hex, String beginning) {
    byte[] file = HexFormat.of().parseHex(hex);
    String message =
        assertThrows(IOException.class, () -> ImageDecoder.decode(file, Orientation.STORED))
            .getMessage();
    assertTrue(message.startsWith(beginning), message);
  }

  @Test
  void tellsFormatsThatAreNotRead() {
    assertRefused(hex("RIFF....WEBPVP8 "), "its format is WEBP, which is not read");
    assertRefused(hex("....ftypavif...."), "its format is HEIF, which is not read");
    assertRefused(hex("BM is no picture, but a text"), "not a known image format");
  }

  private static BufferedImage noise() {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 64 * 64; p++) {
      image.setRGB(p % 64, p / 64, (int) SplitMix64.bits(1, p));
    }
    return image;
  }

  private Path write(BufferedImage image, String format) throws IOException {
    Path file = dir.resolve("image." + format);
    assertTrue(ImageIO.write(image, format, file.toFile()));
    return file;
  }

  private static RgbImage decode(Path file) throws IOException {
    return ImageDecoder.decode(Files.readAllBytes(file), Orientation.STORED);
  }

  private static void assertRefused(Path file) {
    assertThrows(IOException.class, () -> decode(file), file::toString);
  }
}
