package org.fasthebb.models.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes one image file to 8-bit RGB: grey becomes three equal channels, alpha is dropped. */
final class ImageDecoder {
  /** A decoded image: {@code rgb} is (height, width, 3), 0..255. */
  record Decoded(int height, int width, byte[] rgb) {}

  private ImageDecoder() {}

  /**
   * Decodes {@code file}; of an animation, the first frame.
   *
   * @throws DataException if the file is unreadable, cut short, or of a kind that cannot be decoded
   */
  static Decoded decode(Path file) {
    try {
      // From memory, because ImageIO copies any other stream to a temporary file.
      byte[] bytes = Files.readAllBytes(file);
      return toRgb(readFirst(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))));
    } catch (IOException | RuntimeException e) {
      // Decoders throw all sorts of runtime exceptions for corrupt files.
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new DataException(
          "%s cannot be read as an image (%s); save it again as an RGB PNG or JPEG, or remove it."
              .formatted(file, why),
          e);
    }
  }

  private static BufferedImage readFirst(ImageInputStream stream) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw new IOException("not a known image format");
    }
    ImageReader reader = readers.next();
    try {
      // Otherwise ImageIO pads a truncated JPEG with grey and only warns.
      String[] cutShort = new String[1];
      reader.addIIOReadWarningListener((source, warning) -> {
        String text = warning.toLowerCase(Locale.ROOT);
        if (text.contains("premature") || text.contains("truncated")) {
          cutShort[0] = warning;
        }
      });
      reader.setInput(stream, true, true);
      BufferedImage image = reader.read(0);
      if (cutShort[0] != null) {
        throw new IOException(cutShort[0]);
      }
      return image;
    } finally {
      reader.dispose();
    }
  }

  private static Decoded toRgb(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(height, width))];
    ColorModel model = image.getColorModel();
    int space = model.getColorSpace().getType();
    if (model instanceof ComponentColorModel
        && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB)) {
      copySamples(image.getRaster(), space == ColorSpace.TYPE_GRAY, rgb);
    } else {
      copyColors(image, rgb);
    }
    return new Decoded(height, width, rgb);
  }

  /**
   * Copies the stored values unchanged. getRGB would brighten grey, because it takes grey to be
   * linear.
   */
  private static void copySamples(Raster raster, boolean grey, byte[] rgb) {
    int bands = raster.getNumBands();
    int width = raster.getWidth();
    int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          rgb[at++] = (byte) (row[x * bands + (grey ? 0 : c)] >> shift);
        }
      }
    }
  }

  private static void copyColors(BufferedImage image, byte[] rgb) {
    int width = image.getWidth();
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        rgb[at++] = (byte) (argb >> 16);
        rgb[at++] = (byte) (argb >> 8);
        rgb[at++] = (byte) argb;
      }
    }
  }
}
