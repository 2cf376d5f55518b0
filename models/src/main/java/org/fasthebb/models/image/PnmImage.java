package org.fasthebb.models.image;

import java.io.IOException;

/**
 * A portable anymap in binary: P4 is black and white in bits, P5 is grey, P6 is colour.
 *
 * @param kind 4, 5 or 6
 * @param most the value of white; above 255, values take two bytes
 * @param start where the pixels begin
 */
record PnmImage(byte[] file, int kind, long width, long height, int most, int start)
    implements EncodedImage {

  /** Reads numbers of the header. */
  private static final class Header {
    private final byte[] file;
    private int at = 2;

    Header(byte[] file) {
      this.file = file;
    }

    private boolean isBlank() {
      return " \t\n\u000B\f\r".indexOf(file[at]) >= 0;
    }

    int next() throws IOException {
      while (isBlank() || file[at] == '#') {
        if (file[at] == '#') {
          while (file[at] != '\n' && file[at] != '\r') {
            at++;
          }
        }
        at++;
      }
      long value = 0;
      for (int first = at; !isBlank(); at++) {
        int digit = file[at] - '0';
        if (digit < 0 || digit > 9 || at - first > 8) {
          throw new IOException("its header has no numbers");
        }
        value = 10 * value + digit;
      }
      return (int) value;
    }
  }

  static PnmImage open(byte[] file) throws IOException {
    int kind = file[1] - '0';
    Header header = new Header(file);
    int width = header.next();
    int height = header.next();
    int most = kind == 4 ? 1 : header.next();
    if (most < 1 || most > 65_535) {
      throw new IOException("its value of white is " + most);
    }
    return new PnmImage(file, kind, width, height, most, header.at + 1);
  }

  @Override
  public int orientation() {
    return 1;
  }

  @Override
  public RgbImage decode() throws IOException {
    int w = (int) width;
    int h = (int) height;
    int channels = kind == 6 ? 3 : 1;
    int size = most > 255 ? 2 : 1;
    long row = kind == 4 ? (w + 7) / 8 : (long) w * channels * size;
    if (file.length - start < row * h) {
      throw new IOException("it is cut short");
    }
    byte[] rgb = new byte[3 * w * h];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / 3;
      if (kind == 4) {
        int bits = file[start + pixel / w * (int) row + pixel % w / 8];
        rgb[i] = (byte) (((bits >> (7 - pixel % w % 8)) & 1) - 1); // 1 is black
      } else {
        int at = start + size * (kind == 6 ? i : pixel);
        int value = Byte.toUnsignedInt(file[at]);
        value = size == 1 ? value : (value << 8) | Byte.toUnsignedInt(file[at + 1]);
        rgb[i] = (byte) Math.min(255, Math.rint((double) value / most * 255));
      }
    }
    return new RgbImage(h, w, rgb);
  }
}
