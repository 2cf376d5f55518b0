package org.fasthebb.engine.internal;

import org.fasthebb.engine.Op;

/**
 * The transforms of Winograd's minimal filtering F(2x2, 3x3), of many channels at once. All are
 * sums and differences of contiguous channels, scaled by 1/2.
 *
 * <p>With d a tile of 4 x 4 pixels, g a filter of 3 x 3 and the tiles of neighbours overlapping by
 * two pixels, the output is Y = A^T (G g G^T * B^T d B) A, where * multiplies element by element.
 * Its adjoint with respect to g, for errors e of 2 x 2, is G^T (A e A^T * B^T d B) G.
 */
final class Filtering {
  /**
   * The pixel that goes with pixel k in component k of B^T d, which is (d0 - d2, d1 + d2, d2 - d1,
   * d3 - d1).
   */
  private static final int[] OTHER = {2, 2, 1, 1};

  private final Kernels kernels;

  Filtering(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * Row i of B^T d B, of pixels that are so far apart; element j goes to plane j, in panels of
   * {@link Kernels#nr} channels.
   */
  void input(
      int i,
      float[] d,
      int from,
      int down,
      int along,
      int count,
      float[] into,
      int to,
      int plane,
      int apart) {
    int other = from + OTHER[i] * down;
    float sign = i == 1 ? 1 : -1;
    kernels.transformInput(d, from + i * down, other, along, sign, count, into, to, plane, apart);
  }

  /**
   * Row i of A e A^T, of 2 x 2 errors that are so far apart; element j goes to plane j, in panels
   * of {@link Kernels#mr} neurons.
   */
  void errors(
      int i,
      float[] e,
      int from,
      int down,
      int along,
      int count,
      float[] into,
      int to,
      int plane,
      int apart) {
    boolean both = i == 1 || i == 2;
    int first = i == 3 ? from + down : from;
    int second = i == 0 ? from : from + down;
    float scale = both ? 1 : 0.5f; // half of twice the same row is the row
    kernels.transformErrors(
        e, first, second, along, i == 2 ? -1 : 1, scale, count, into, to, plane, apart);
  }

  /** Component k of G g, from three vectors. */
  void filter(int k, float[] g, int from, int step, int count, float[] into, int to) {
    if (k == 0 || k == 3) {
      System.arraycopy(g, from + (k == 3 ? 2 * step : 0), into, to, count);
      return;
    }
    Op.Binary op = k == 1 ? Op.Binary.ADD : Op.Binary.SUBTRACT;
    kernels.zip(op, g, from, g, from + step, into, to, count);
    kernels.zip(Op.Binary.ADD, into, to, g, from + 2 * step, into, to, count);
    kernels.map(Op.Unary.SCALE, into, to, 0.5f, into, to, count);
  }

  /** Component k of G^T u, from four vectors. */
  void filterAdjoint(int k, float[] u, int from, int step, int count, float[] into, int to) {
    Op.Binary op = k == 1 ? Op.Binary.SUBTRACT : Op.Binary.ADD;
    kernels.zip(op, u, from + step, u, from + 2 * step, into, to, count);
    kernels.map(Op.Unary.SCALE, into, to, 0.5f, into, to, count);
    if (k != 1) {
      int other = from + (k == 0 ? 0 : 3) * step;
      kernels.zip(Op.Binary.ADD, into, to, u, other, into, to, count);
    }
  }
}
