package org.fasthebb.models.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
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
        new byte[] {(byte) 0xAB, (byte) 0xAB, (byte) 0xAB},
        decode(write(image, "png")).rgb());
  }

  @Test
  void readsPalettesAndDropsAlpha() throws IOException {
    BufferedImage palette = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
    palette.setRGB(0, 0, 0xFF0000);
    assertArrayEquals(new byte[] {-1, 0, 0}, decode(write(palette, "gif")).rgb());
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0x40102030);
    assertArrayEquals(
        new byte[] {0x10, 0x20, 0x30}, decode(write(clear, "png")).rgb());
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 64 * 64; p++) {
      image.setRGB(p % 64, p / 64, (int) SplitMix64.bits(1, p));
    }
    for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
      Path file = write(image, format);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      assertRefused(file);
    }
  }

  @Test
  void refusesFilesThatAreEmptyMissingOrNoImage() throws IOException {
    assertRefused(Files.write(dir.resolve("empty.png"), new byte[0]));
    assertRefused(dir.resolve("missing.png"));
    assertRefused(Files.writeString(dir.resolve("text.jpg"), "not an image"));
  }

  @Test
  void convertsCmykJpeg() throws IOException {
    // As Adobe's software writes it, inverted: no cyan, all magenta and yellow, no black, so red.
    WritableRaster ink = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
    for (int p = 0; p < 64; p++) {
      ink.setPixel(p % 8, p / 8, new int[] {255, 0, 0, 255});
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(jpeg)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(ink, null, null), null);
    } finally {
      writer.dispose();
    }
    byte[] bytes = jpeg.toByteArray();
    byte[] marker = HexFormat.of().parseHex("ffee000e41646f626500640000000000");
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(bytes, 0, 2);
    marked.writeBytes(marker);
    marked.write(bytes, 2, bytes.length - 2);
    Path file = Files.write(dir.resolve("cmyk.jpg"), marked.toByteArray());
    byte[] rgb = decode(file).rgb();
    assertEquals(8 * 8 * 3, rgb.length);
    for (int i = 0; i < rgb.length; i++) {
      assertEquals(i % 3 == 0 ? 255 : 0, Byte.toUnsignedInt(rgb[i]), 3);
    }
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
