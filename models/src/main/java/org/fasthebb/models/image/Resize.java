package org.fasthebb.models.image;

import java.util.Arrays;

/**
 * Bilinear resizing as Pillow does it, to the byte: a triangle filter that widens when shrinking
 * (antialiasing), columns first and then rows, in 22-bit fixed point, rounded to bytes after each.
 *
 * <p>Only the rows and columns that the crop needs are read, once each and in order, so what is
 * half done stays in the cache.
 */
public final class Resize {
  private static final int PRECISION = 22;
  private static final int HALF = 1 << (PRECISION - 1);

  private Resize() {}

  /**
   * Makes the shorter side {@code side}, keeping the aspect ratio, and crops the centre.
   *
   * @return (side, side, 3) bytes
   */
  public static byte[] centreSquare(RgbImage image, int side) {
    int shorter = Math.min(image.height(), image.width());
    // As in torchvision, the longer side is rounded down and the crop offset half to even.
    int height = (int) ((long) side * image.height() / shorter);
    int width = (int) ((long) side * image.width() / shorter);
    int top = (int) Math.rint((height - side) / 2.0);
    int left = (int) Math.rint((width - side) / 2.0);
    Resampling columns = Resampling.of(image.width(), width, left, side);
    Resampling rows = Resampling.of(image.height(), height, top, side);
    byte[] square = new byte[side * side * 3];
    // Rows of input, resized along x, that the next row of output may sum; y is in its place modulo
    // their number.
    int[][] narrow = new int[rows.taps][side * 3];
    int[] sums = new int[side * 3];
    int next = rows.first[0];
    for (int y = 0; y < side; y++) {
      int end = rows.end(y);
      for (; next < end; next++) {
        columns.resizeRow(image.rgb(), next * image.width() * 3, narrow[next % rows.taps]);
      }
      rows.sum(y, narrow, sums);
      for (int i = 0; i < sums.length; i++) {
        square[y * sums.length + i] = (byte) toByte(sums[i]);
      }
    }
    return square;
  }

  private static int toByte(int sum) {
    return Math.clamp(sum >> PRECISION, 0, 255);
  }

  /**
   * The filter along one side: output {@code i} sums {@code count[i]} inputs from {@code first[i]}
   * on, by the weights from {@code i * taps} on.
   *
   * @param taps the most inputs of an output
   */
  private record Resampling(int taps, int[] first, int[] count, int[] weights) {

    /** The part [from, from + length) of a side resized from {@code in} to {@code out} pixels. */
    static Resampling of(int in, int out, int from, int length) {
      double scale = (double) in / out;
      double support = Math.max(1, scale);
      int taps = 2 * (int) Math.ceil(support) + 1;
      int[] first = new int[length];
      int[] count = new int[length];
      int[] weights = new int[length * taps];
      for (int i = 0; i < length; i++) {
        double centre = (from + i + 0.5) * scale;
        first[i] = Math.max(0, (int) (centre - support + 0.5));
        count[i] = Math.min(in, (int) (centre + support + 0.5)) - first[i];
        double[] triangle = new double[count[i]];
        double sum = 0;
        for (int x = 0; x < triangle.length; x++) {
          triangle[x] = Math.max(0, 1 - Math.abs((x + first[i] - centre + 0.5) * (1 / support)));
          sum += triangle[x];
        }
        for (int x = 0; x < triangle.length; x++) {
          weights[i * taps + x] = (int) (0.5 + triangle[x] / sum * (1 << PRECISION));
        }
      }
      return new Resampling(taps, first, count, weights);
    }

    /** The end of the inputs that output {@code i} sums. */
    int end(int i) {
      return first[i] + count[i];
    }

    /** Resizes an RGB row of {@code in} that begins at {@code start} along x. */
    void resizeRow(byte[] in, int start, int[] out) {
      for (int i = 0; i < first.length; i++) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        int at = start + 3 * first[i];
        for (int t = i * taps; t < i * taps + count[i]; t++) {
          red += weights[t] * Byte.toUnsignedInt(in[at]);
          green += weights[t] * Byte.toUnsignedInt(in[at + 1]);
          blue += weights[t] * Byte.toUnsignedInt(in[at + 2]);
          at += 3;
        }
        out[3 * i] = toByte(red);
        out[3 * i + 1] = toByte(green);
        out[3 * i + 2] = toByte(blue);
      }
    }

    /** Sums whole rows to output {@code i}; row y is {@code rows[y % taps]}. */
    void sum(int i, int[][] rows, int[] sums) {
      Arrays.fill(sums, HALF);
      for (int t = 0; t < count[i]; t++) {
        int weight = weights[i * taps + t];
        int[] row = rows[(first[i] + t) % taps];
        for (int x = 0; x < sums.length; x++) {
          sums[x] += weight * row[x];
        }
      }
    }
  }
}
