package org.fasthebb.tools.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pictures inside of a web page, as data URIs. */
public final class Pictures {
  /** How a page shows many of them, in an element of the class "pictures". */
  public static final String CSS =
      """
      .pictures {
        display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 1rem;
      }
      .pictures figcaption { overflow-wrap: anywhere; }
      """;

  private Pictures() {}

  /** A picture of pixels (height, width, 3), in bytes. */
  public static BufferedImage of(byte[] rgb, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < height * width; p++) {
      int r = Byte.toUnsignedInt(rgb[3 * p]);
      int g = Byte.toUnsignedInt(rgb[3 * p + 1]);
      int b = Byte.toUnsignedInt(rgb[3 * p + 2]);
      image.setRGB(p % width, p / width, r << 16 | g << 8 | b);
    }
    return image;
  }

  /**
   * A picture as a data URI.
   *
   * @param format png, which keeps every pixel, or jpeg, which is smaller for photos
   */
  public static String uri(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = Base64.getEncoder().encodeToString(bytes.toByteArray());
    return "data:image/" + format + ";base64," + text;
  }
}
