package org.fasthebb.models.pack;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.image.RgbImage;

/** How a pack stores an image. */
public enum PackFormat {
  /** The bytes (height, width, channels) as they are; every record has the same length. */
  RAW,
  /**
   * A JPEG file of quality {@link #QUALITY}: about a sixth of the bytes, but lossy, so what is read
   * differs a little from what was packed.
   */
  JPEG;

  /** The quality of JPEG records, 0 to 100. */
  public static final int QUALITY = 95;

  /** About the length of a JPEG file beside its pixels. */
  private static final int JPEG_TABLES = 700;

  /** Whether the images that are read differ from those that were packed. */
  public boolean isLossy() {
    return this == JPEG;
  }

  /** The record of an image of (height, width, 3) bytes, or of any channels if raw. */
  byte[] encode(byte[] pixels, int height, int width) {
    return this == RAW ? pixels : jpeg(pixels, height, width);
  }

  /**
   * The bytes that records take: exact for raw, an estimate with a margin for JPEG.
   *
   * @param pixels bytes of all images together
   */
  long expectedBytes(long images, long pixels) {
    return this == RAW ? pixels : pixels / 3 + images * JPEG_TABLES;
  }

  private static byte[] jpeg(byte[] pixels, int height, int width) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(QUALITY / 100f);
      writer.write(null, new IIOImage(picture(pixels, height, width), null, null), how);
    } catch (IOException e) {
      throw new AssertionError("memory can be written", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage picture(byte[] pixels, int height, int width) {
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        row[x] =
            Byte.toUnsignedInt(pixels[at]) << 16
                | Byte.toUnsignedInt(pixels[at + 1]) << 8
                | Byte.toUnsignedInt(pixels[at + 2]);
      }
      picture.setRGB(0, y, width, 1, row, 0, width);
    }
    return picture;
  }

  /**
   * The bytes (height, width, channels) of a record.
   *
   * @throws IOException if it is no image of this size; the message is the reason
   */
  byte[] decode(byte[] stored, int height, int width) throws IOException {
    if (this == RAW) {
      return stored;
    }
    RgbImage image = ImageDecoder.decode(stored, Orientation.STORED);
    if (image.height() != height || image.width() != width) {
      throw new IOException("it has %sx%s pixels".formatted(image.width(), image.height()));
    }
    return image.rgb();
  }
}
