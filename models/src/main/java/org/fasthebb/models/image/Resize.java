package org.fasthebb.models.image;

/**
 * Bilinear resizing as Pillow does it, to the byte: a triangle filter that widens when shrinking
 * (antialiasing), columns first and then rows, in 22-bit fixed point, rounded to bytes after each.
 */
public final class Resize {
  private static final int PRECISION = 22;

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
    // Only the rows that the crop needs.
    int start = rows.first[0];
    byte[] narrow = new byte[(rows.end() - start) * side * 3];
    for (int y = start; y < rows.end(); y++) {
      int in = y * image.width() * 3;
      columns.resample(image.rgb(), in, 3, narrow, (y - start) * side * 3, 3);
    }
    byte[] square = new byte[side * side * 3];
    for (int x = 0; x < side; x++) {
      rows.resample(narrow, (x - start * side) * 3, side * 3, square, x * 3, side * 3);
    }
    return square;
  }

  /** The filter along one side: output {@code i} sums inputs from {@code first[i]} on. */
  private record Resampling(int[] first, int[][] weights) {

    /** The part [from, from + count) of a side resized from {@code in} to {@code out} pixels. */
    static Resampling of(int in, int out, int from, int count) {
      double scale = (double) in / out;
      double support = Math.max(1, scale);
      int[] first = new int[count];
      int[][] weights = new int[count][];
      for (int i = 0; i < count; i++) {
        double centre = (from + i + 0.5) * scale;
        first[i] = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(in, (int) (centre + support + 0.5));
        weights[i] = fixedPoint(first[i], end, centre, support);
      }
      return new Resampling(first, weights);
    }

    /** The end of the inputs that the last output sums. */
    int end() {
      return first[first.length - 1] + weights[first.length - 1].length;
    }

    private static int[] fixedPoint(int first, int end, double centre, double support) {
      double[] triangle = new double[end - first];
      double sum = 0;
      for (int x = 0; x < triangle.length; x++) {
        triangle[x] = Math.max(0, 1 - Math.abs((x + first - centre + 0.5) * (1 / support)));
        sum += triangle[x];
      }
      int[] weights = new int[triangle.length];
      for (int x = 0; x < weights.length; x++) {
        weights[x] = (int) (0.5 + triangle[x] / sum * (1 << PRECISION));
      }
      return weights;
    }

    /** Filters one RGB line; the steps are the distances between neighbouring pixels. */
    void resample(byte[] in, int inAt, int inStep, byte[] out, int outAt, int outStep) {
      for (int i = 0; i < first.length; i++) {
        for (int c = 0; c < 3; c++) {
          int sum = 1 << (PRECISION - 1);
          int at = inAt + first[i] * inStep + c;
          for (int weight : weights[i]) {
            sum += weight * Byte.toUnsignedInt(in[at]);
            at += inStep;
          }
          out[outAt + i * outStep + c] = (byte) Math.clamp(sum >> PRECISION, 0, 255);
        }
      }
    }
  }
}
