package org.fasthebb.models.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.function.Consumer;

/**
 * Turns stored values into 8-bit RGB, without the JDK's colour management.
 *
 * <p>A value of n bits becomes v * 255 / (2^n - 1), rounded down, if n is below 8, and its upper 8
 * bits otherwise.
 */
final class Samples {
  private Samples() {}

  /** The pixels of an image of the JDK; alpha is dropped. */
  static RgbImage toRgb(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    return model instanceof IndexColorModel palette
        ? fromPalette(raster, palette)
        : fromBands(raster, model.getNumColorComponents());
  }

  /** The colours of indices; what lies beyond the palette is black. */
  static RgbImage fromPalette(Raster raster, IndexColorModel palette) {
    int[] colours = new int[1 << 8];
    int[] known = new int[palette.getMapSize()];
    palette.getRGBs(known);
    System.arraycopy(known, 0, colours, 0, Math.min(known.length, colours.length));
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int index : row) {
        int colour = colours[index];
        rgb[at++] = (byte) (colour >> 16);
        rgb[at++] = (byte) (colour >> 8);
        rgb[at++] = (byte) colour;
      }
    }
    return new RgbImage(raster.getHeight(), width, rgb);
  }

  /** From one band of grey, or three of red, green and blue; further bands are left out. */
  private static RgbImage fromBands(Raster raster, int colours) {
    int bands = raster.getNumBands();
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] bits = raster.getSampleModel().getSampleSize();
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          int band = colours == 1 ? 0 : c;
          rgb[at++] = toByte(row[x * bands + band], bits[band]);
        }
      }
    }
    return new RgbImage(raster.getHeight(), width, rgb);
  }

  private static byte toByte(int value, int bits) {
    return (byte) (bits >= 8 ? value >> (bits - 8) : value * 255 / ((1 << bits) - 1));
  }

  /**
   * From bands that a pixel has to be calculated from.
   *
   * @param toRgb puts red, green and blue in place of the first three values of a pixel; all values
   *     are 0..255
   */
  static RgbImage fromBands(Raster raster, Consumer<int[]> toRgb) {
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] bits = raster.getSampleModel().getSampleSize();
    int[] pixel = new int[raster.getNumBands()];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        raster.getPixel(raster.getMinX() + x, raster.getMinY() + y, pixel);
        for (int b = 0; b < pixel.length; b++) {
          pixel[b] = Byte.toUnsignedInt(toByte(pixel[b], bits[b]));
        }
        toRgb.accept(pixel);
        for (int c = 0; c < 3; c++) {
          rgb[at++] = (byte) pixel[c];
        }
      }
    }
    return new RgbImage(raster.getHeight(), width, rgb);
  }

  /** CMYK to RGB as Pillow has it. */
  static void cmykToRgb(int[] pixel) {
    int light = 255 - pixel[3];
    for (int c = 0; c < 3; c++) {
      int product = pixel[c] * light + 128;
      pixel[c] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }

  /** Undoes the multiplication of colours by their alpha. */
  static void divideByAlpha(int[] pixel) {
    int alpha = pixel[3];
    for (int c = 0; c < 3; c++) {
      pixel[c] = alpha == 0 ? 0 : Math.min(255, pixel[c] * 255 / alpha);
    }
  }
}
