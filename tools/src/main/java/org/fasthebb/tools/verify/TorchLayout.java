package org.fasthebb.tools.verify;

import org.fasthebb.engine.Tensor;

/**
 * Converts between PyTorch's order of axes and ours. Images (b, c, h, w) are (b, h, w, c) here, and
 * weights (n, c, i, j) are (n, i, j, c), which is the same permutation. Vectors and matrices are
 * the same in both.
 */
final class TorchLayout {
  private TorchLayout() {}

  /** Converts a tensor in PyTorch's layout to ours. */
  static Tensor decode(Tensor torch) {
    return torch.rank() == 4 ? torch.permute(0, 2, 3, 1).contiguous() : torch;
  }

  /** The elements of a tensor in our layout, in the row-major order of PyTorch's layout. */
  static double[] encode(Tensor ours) {
    Tensor torch = ours.rank() == 4 ? ours.permute(0, 3, 1, 2) : ours;
    float[] values = torch.toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
