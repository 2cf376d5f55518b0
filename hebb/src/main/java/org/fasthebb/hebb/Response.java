package org.fasthebb.hebb;

import static org.fasthebb.engine.Contraction.contract;

import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;

/**
 * The function that gives the output Y (B, N) of neurons with weights w (N, S) for patches x (B,
 * S).
 */
public enum Response {
  /** W x. */
  LINEAR,
  /** max(0, W x). */
  RECTIFIED,
  /** max(0, w x / |w|): the length of the patch's projection on the neuron's direction. */
  PROJECTED,
  /** w x / |w|: the same with the sign of the projection. */
  SIGNED;

  /** Whether no output is negative. */
  public boolean isRectified() {
    return this == RECTIFIED || this == PROJECTED;
  }

  /** The same response with the sign of its outputs. */
  public Response unrectified() {
    return switch (this) {
      case LINEAR, RECTIFIED -> LINEAR;
      case PROJECTED, SIGNED -> SIGNED;
    };
  }

  private boolean isByDirection() {
    return this == PROJECTED || this == SIGNED;
  }

  /** What patches are multiplied by: w (N, S), or w / |w|. */
  public Tensor directions(Tensor w) {
    return isByDirection() ? Norms.directions(w) : w;
  }

  /** Y (B, N) of patches x (B, S) for weights w (N, S). */
  public Tensor of(Tensor x, Tensor w) {
    Tensor y = contract("bs,ns->bn", x, directions(w));
    return isRectified() ? y.reluAssign() : y;
  }

  /**
   * Records the same function on a tape, so that backprop can start from weights that a rule has
   * learned: a valid convolution with stride 1 over images (b, h, w, c) by kh x kw patches.
   *
   * @param w weights (N, kh kw c)
   * @param bias (N), added before the output is rectified; null for none
   * @return (b, h-kh+1, w-kw+1, N)
   */
  public Variable trace(Tape tape, Variable images, Variable w, Variable bias, int kh, int kw) {
    Variable rows = isByDirection() ? tape.normalizeRows(w) : w;
    Variable y = tape.convolve(images, rows, kh, kw);
    if (bias != null) {
      y = tape.plus(y, bias);
    }
    return isRectified() ? tape.relu(y) : y;
  }
}
