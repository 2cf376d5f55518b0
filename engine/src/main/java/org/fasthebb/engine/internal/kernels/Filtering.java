package org.fasthebb.engine.internal.kernels;

import java.util.Arrays;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.internal.runtime.Scratch;

/**
 * The transforms of Winograd's minimal filtering F(4x4, 3x3), for many channels at once.
 *
 * <p>Let d be a tile of 6 x 6 pixels, which overlaps its neighbours by two, and g a filter of 3 x
 * 3. The 4 x 4 outputs are Y = A^T (G g G^T * B^T d B) A, where * multiplies element by element.
 * Its adjoint with respect to g, for errors e, is G^T (A e A^T * B^T d B) G.
 *
 * <p>A polynomial of degree 5, here the product of one of the filter and one of the output, is
 * determined by its values at five points and its leading coefficient, "the value at infinity". The
 * rows of A and G hold the powers of the points; those of G are divided by the product of the
 * differences to the other points. The rows of B^T hold the coefficients of the polynomials that
 * vanish at the other points. The points 0, +-5/8 and +-3/2 cause less than half the rounding error
 * of the usual 0, +-1 and +-2, and all values of A and B are exact floats.
 *
 * <p>The element at the point 0 contributes to the first output only, and no other element depends
 * on the first pixel. Leaving out these three, in rows and in columns, leaves F(3x3, 3x3): {@code
 * skip} is 1 for that and 0 for F(4x4, 3x3). Skipped rows and columns keep their numbers, but are
 * neither read nor written.
 */
public final class Filtering {
  /** Pixels along a side of a tile, and elements along a side of a transformed tile. */
  public static final int SIDE = 6;

  /** Outputs along a side of a tile. */
  public static final int OUT = 4;

  /** Slot of {@link Scratch} for tiles that are transformed along one side. */
  public static final int HALF = 0;

  /** The points are 0, infinity, +-P and +-Q. */
  static final float P = 5 / 8f;

  static final float Q = 3 / 2f;

  /** The polynomial that vanishes at +-P and +-Q is x^4 - SUM x^2 + PRODUCT. */
  static final float SUM = P * P + Q * Q;

  static final float PRODUCT = P * P * Q * Q;

  private static final float[] POINTS = {0, P, -P, Q, -Q};

  /**
   * For each row of B^T, the pixels whose factors are not zero. Where there are three, the last one
   * is listed twice.
   */
  private static final int[][] PIXELS = {
    {0, 2, 4, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}, {1, 3, 5, 5}
  };

  /** The factors of these pixels. */
  private static final float[][] INPUT = {
    {PRODUCT, -SUM, 1, 0},
    {-P * Q * Q, -Q * Q, P, 1},
    {P * Q * Q, -Q * Q, -P, 1},
    {-Q * P * P, -P * P, Q, 1},
    {Q * P * P, -P * P, -Q, 1},
    {PRODUCT, -SUM, 1, 0}
  };

  /** The rows of errors for skip 0 and 1. For skip 1, the second row stands in for the first. */
  private static final int[][] FOUR = {{0, 1, 2, 3}, {1, 1, 2, 3}};

  /** A for skip 0 and 1, with zeros for a skipped output. */
  private static final float[][][] ERRORS = new float[2][SIDE][];

  private static final int[] THREE = {0, 1, 2, 2};

  /** G, with a zero for a fourth operand, which {@link Kernels#combine} needs. */
  private static final float[][] FILTER = new float[SIDE][];

  private static final int[] INNER = {1, 2, 3, 4};

  /** G^T for the four inner elements. */
  private static final float[][] ADJOINT = new float[3][4];

  static {
    for (int i = 0; i < SIDE; i++) {
      boolean infinity = i == POINTS.length;
      float p = infinity ? 0 : POINTS[i];
      float scale = infinity ? 0 : 1 / differences(p);
      FILTER[i] = new float[] {scale, scale * p, infinity ? 1 : scale * p * p, 0};
      for (int skipped = 0; skipped < 2; skipped++) {
        ERRORS[skipped][i] = new float[] {infinity ? 0 : 1, p, p * p, infinity ? 1 : p * p * p};
        Arrays.fill(ERRORS[skipped][i], 0, skipped, 0f);
      }
    }
    for (int i = 0; i < INNER.length; i++) {
      for (int k = 0; k < 3; k++) {
        ADJOINT[k][i] = FILTER[INNER[i]][k];
      }
    }
  }

  /** The product of a point's differences to the other points. */
  private static float differences(float point) {
    float product = 1;
    for (float other : POINTS) {
      product *= other == point ? 1 : point - other;
    }
    return product;
  }

  private final Kernels kernels;

  public Filtering(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * Computes row i of B^T d B. Element j goes to plane j, in panels of {@link Kernels#nr} channels.
   *
   * @param skip of columns; where rows are skipped, callers do not ask for row 0
   */
  public void input(
      int i,
      int skip,
      float[] d,
      int from,
      int down,
      int channels,
      float[] into,
      int to,
      int plane,
      int apart) {
    float[] half = Scratch.get().floats(HALF, SIDE * channels);
    int left = skip * channels;
    int count = SIDE * channels - left;
    kernels.combine(d, from + left, down, PIXELS[i], INPUT[i], count, half, left);
    kernels.transformInput(half, 0, channels, channels, into, to, plane, apart);
  }

  /**
   * Computes row i of A e A^T. Element j goes to plane j, in panels of {@link Kernels#mr} neurons.
   */
  public void errors(
      int i,
      int skipRow,
      int skipColumn,
      float[] e,
      int from,
      int down,
      int neurons,
      float[] into,
      int to,
      int plane,
      int apart) {
    float[] half = Scratch.get().floats(HALF, OUT * neurons + kernels.nr());
    int left = skipColumn * neurons;
    int count = OUT * neurons - left;
    float[] powers = ERRORS[skipRow][i];
    kernels.combine(e, from + left, down, FOUR[skipRow], powers, count, half, left);
    Arrays.fill(half, 0, left, 0f);
    kernels.transformErrors(half, 0, neurons, neurons, into, to, plane, apart);
  }

  /** Computes component k of G g from three vectors. */
  public void filter(int k, float[] g, int from, int step, int count, float[] into, int to) {
    kernels.combine(g, from, step, THREE, FILTER[k], count, into, to);
  }

  /** Computes component k of G^T u from six vectors. {@code into} must have room for two. */
  public void filterAdjoint(
      int k, int skip, float[] u, int from, int step, int count, float[] into, int to) {
    kernels.combine(u, from, step, INNER, ADJOINT[k], count, into, to);
    if (k == 0 && skip == 0) { // the point 0 has its power 0 only
      int rest = to + count;
      kernels.map(Op.Unary.SCALE, u, from, FILTER[0][0], into, rest, count);
      kernels.zip(Op.Binary.ADD, into, to, into, rest, into, to, count);
    } else if (k == 2) { // and infinity the highest power
      kernels.zip(Op.Binary.ADD, into, to, u, from + 5 * step, into, to, count);
    }
  }
}
