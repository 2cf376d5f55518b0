package org.fasthebb.models.image;

import java.io.IOException;
import java.util.Arrays;

/**
 * What the components of a JPEG file mean, by the rules of libjpeg, and their conversion to RGB in
 * its 16-bit fixed point. Files of four components are taken to be inverted, as Adobe writes them
 * and Pillow reads them.
 */
enum JpegColours {
  GREY,
  YCC,
  RGB,
  CMYK,
  YCCK;

  /** In place of Adobe's code for the colours, if there is none. */
  static final int NO_ADOBE = -1;

  private static final int SHIFT = 16;
  private static final int HALF = 1 << (SHIFT - 1);

  private static final int RED_PER_CR = fixed(1.40200);
  private static final int GREEN_PER_CR = fixed(0.71414);
  private static final int GREEN_PER_CB = fixed(0.34414);
  private static final int BLUE_PER_CB = fixed(1.77200);

  private static int fixed(double x) {
    return (int) (x * (1 << SHIFT) + 0.5);
  }

  /**
   * Tells the colours.
   *
   * @param ids the ids of the components
   * @param jfif whether the file says that it is JFIF, which has no RGB
   * @param adobe the code in Adobe's segment, or {@link #NO_ADOBE}
   */
  static JpegColours of(int[] ids, boolean jfif, int adobe) throws IOException {
    return switch (ids.length) {
      case 1 -> GREY;
      case 3 -> {
        boolean rgb =
            adobe == NO_ADOBE ? Arrays.equals(ids, new int[] {'R', 'G', 'B'}) : adobe == 0;
        yield rgb && !jfif ? RGB : YCC;
      }
      case 4 -> adobe == NO_ADOBE || adobe == 0 ? CMYK : YCCK;
      default -> throw new IOException("it has " + ids.length + " colour components");
    };
  }

  /**
   * Converts pixels.
   *
   * @param stored the components of each pixel, one after the other; overwritten if there are three
   */
  byte[] toRgb(byte[] stored) {
    return switch (this) {
      case RGB -> stored;
      case GREY -> grey(stored);
      case YCC -> {
        ycc(stored, 3);
        yield stored;
      }
      case CMYK -> cmyk(stored);
      case YCCK -> {
        ycc(stored, 4);
        // The first three are now red, green and blue: the inverse of cyan, magenta and yellow.
        yield cmyk(invertThree(stored));
      }
    };
  }

  private static byte[] grey(byte[] stored) {
    byte[] rgb = new byte[3 * stored.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = stored[i / 3];
    }
    return rgb;
  }

  /** Converts luminance and two chrominances at each step to red, green and blue. */
  private static void ycc(byte[] pixels, int step) {
    for (int i = 0; i < pixels.length; i += step) {
      int y = Byte.toUnsignedInt(pixels[i]);
      int cb = Byte.toUnsignedInt(pixels[i + 1]) - 128;
      int cr = Byte.toUnsignedInt(pixels[i + 2]) - 128;
      pixels[i] = clip(y + ((RED_PER_CR * cr + HALF) >> SHIFT));
      pixels[i + 1] = clip(y + ((-GREEN_PER_CB * cb - GREEN_PER_CR * cr + HALF) >> SHIFT));
      pixels[i + 2] = clip(y + ((BLUE_PER_CB * cb + HALF) >> SHIFT));
    }
  }

  private static byte[] invertThree(byte[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      if (i % 4 != 3) {
        pixels[i] = (byte) ~pixels[i];
      }
    }
    return pixels;
  }

  private static byte[] cmyk(byte[] stored) {
    byte[] rgb = new byte[stored.length / 4 * 3];
    int[] ink = new int[4];
    for (int p = 0; p < stored.length / 4; p++) {
      for (int c = 0; c < 4; c++) {
        ink[c] = 255 - Byte.toUnsignedInt(stored[4 * p + c]);
      }
      Samples.cmykToRgb(ink);
      for (int c = 0; c < 3; c++) {
        rgb[3 * p + c] = (byte) ink[c];
      }
    }
    return rgb;
  }

  private static byte clip(int value) {
    return (byte) Math.clamp(value, 0, 255);
  }
}
