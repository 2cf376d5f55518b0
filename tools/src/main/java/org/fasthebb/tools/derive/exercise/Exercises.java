package org.fasthebb.tools.derive.exercise;

import java.util.List;
import org.fasthebb.tools.derive.exercise.Exercise.Mistake;

/** The exercises. */
public final class Exercises {
  /** The terms of Oja's rule. */
  static final Exercise OJA =
      new Exercise(
          1,
          "oja",
          "Oja's rule",
          new Blank("org/fasthebb/hebb/Oja.java", "terms", "return new Terms("),
          "dW",
          """
          Every neuron subtracts its own reconstruction of the patch alone:

            dW_ns = 1/B sum_b y_bn (x_bs - y_bn w_ns)   with   Y = W x      (Oja 1982)

          It is one of the local rules, which differ in three terms only:

            dW_ns = 1/q_n sum_b z_bn (x_bs - v_bn w_ns)                    (LocalRule)

          Shapes: x (B, S), w (N, S), y (B, N); B counts all patches of all images of
          a batch. Return the terms z (B, N), v (B, N) and q (1, 1). The line above
          the blank has computed y.
          Useful: x.size(0), w.backend().empty(1, 1).fill(number).
          Derivation: ./fasthebb derive oja
          """,
          new Mistake(
              "the patches pull rightly, but the weights decay by w_ns: v is y_bn, not 1",
              "return new Terms(y, null, w.backend().empty(1, 1).fill(x.size(0)));"),
          new Mistake(
              "the weights decay by the cube of y_bn: v is multiplied by z already",
              "return new Terms(y, y.square(), w.backend().empty(1, 1).fill(x.size(0)));"),
          new Mistake(
              "this is the sum over patches: divide by B",
              "return new Terms(y, y, w.backend().empty(1, 1).fill(1));"),
          new Mistake(
              "you averaged over images instead of patches: B counts the patches of all images",
              "int images = x.layout().axis(0).sizes()[0];",
              "return new Terms(y, y, w.backend().empty(1, 1).fill(images));"));

  /** Eq. 6 from its sums. */
  static final Exercise SOFT_WTA =
      new Exercise(
          2,
          "soft-wta",
          "soft winner-takes-all in the fast form",
          new Blank("org/fasthebb/engine/Device.java", "addDelta", "target.addProduct(w"),
          "target",
          """
          Eq. 6 of the paper needs no B x N x S tensor, since b is contracted early:

            dW_ns = sum_b (CR)_bn X_bs - Q_n W_ns,   Q_n = sum_b (CR)_bn       (eq. 6)

          With C_bn = R_bn / q_n and q_n = sum_b R_bn, this needs three sums only:

            A_ns = sum_b R_bn^2 X_bs,   p_n = sum_b R_bn^2,   q_n = sum_b R_bn

          Shapes: a (N, S), p (N, 1), q (N, 1), w (N, S), target (N, S); eta is a
          number. They are there. Add eta dW to the target.
          Useful: target.addProduct(s, t) adds s t, and p.div(q) is p / q, where axes
          of length 1 stretch; p.times(2) multiplies; q.backend().empty(1,
          1).fill(number).
          Derivation: ./fasthebb derive swta
          """,
          new Mistake(
              "the weights move away from the patches: eq. 6 adds the first term and subtracts Q W",
              "target.addProduct(w, p.div(q).timesAssign(eta));",
              "target.addProduct(a, q.backend().empty(1, 1).fill(-eta).div(q));"),
          new Mistake(
              "Q W is added: it is subtracted, or the weights would grow without bound",
              "target.addProduct(w, p.div(q).timesAssign(eta));",
              "target.addProduct(a, q.backend().empty(1, 1).fill(eta).div(q));"),
          new Mistake(
              "Q W is missing: without it the weights grow without bound",
              "target.addProduct(a, q.backend().empty(1, 1).fill(eta).div(q));"),
          new Mistake(
              "p is not divided by q: Q_n = sum_b C_bn R_bn = p_n / q_n",
              "target.addProduct(w, p.times(-eta));",
              "target.addProduct(a, q.backend().empty(1, 1).fill(eta).div(q));"),
          new Mistake(
              "A is not divided by q: (CR)_bn = R_bn^2 / q_n",
              "target.addProduct(w, p.div(q).timesAssign(-eta));",
              "target.addProduct(a, q.backend().empty(1, 1).fill(eta));"),
          new Mistake(
              "the learning rate eta is missing",
              "target.addProduct(w, p.div(q).timesAssign(-1));",
              "target.addProduct(a, q.backend().empty(1, 1).fill(1).div(q));"));

  /** The lower triangle of eq. 8. */
  static final Exercise TRIANGLE =
      new Exercise(
          3,
          "triangle",
          "the triangle of Hebbian PCA",
          new Blank("org/fasthebb/hebb/GramStatistics.java", "addLowerTriangle", ""),
          "dW",
          """
          Neuron n learns what neurons 1 .. n do not reconstruct, itself included:

            dW_ns = 1/B (sum_b Y_bn X_bs - sum_{m <= n} G_nm W_ms),
            G_nm = sum_b Y_bn Y_bm                                             (eq. 8)

          The method gets m = -G (N, N) and sum = Y^T X (N, S). Add what is missing,
          so that sum = sum + tril(m) W, where tril(m) has zeros above the diagonal.
          The weights W (N, S) are weights().
          Useful: contractAdd(sum, "nm,ms->ns", a, b) adds sum_m a_nm b_ms to sum;
          m.lowerTriangleAssign() clears m above its diagonal and returns m.
          Derivation: ./fasthebb derive hpca
          """,
          new Mistake(
              "you forgot m = n: neuron n subtracts its own reconstruction too",
              "for (int i = 1; i < m.size(0); i++) {",
              "  Tensor row = m.slice(0, i, i + 1).slice(1, 0, i);",
              "  contractAdd(sum.slice(0, i, i + 1), \"nm,ms->ns\", row, weights().slice(0, 0,"
                  + " i));",
              "}"),
          new Mistake(
              "this sums over all neurons: neuron n subtracts the reconstruction by 1 .. n alone",
              "contractAdd(sum, \"nm,ms->ns\", m, weights());"),
          new Mistake(
              "the triangle is transposed: here neuron n subtracts that of n .. N",
              "contractAdd(sum, \"mn,ms->ns\", m.lowerTriangleAssign(), weights());"));

  /** The step from block to block. */
  static final Exercise RESIDUAL =
      new Exercise(
          4,
          "residual",
          "the blocked residual",
          new Blank("org/fasthebb/engine/Device.java", "deflate", "change = change.minus("),
          "target",
          """
          In a wide layer the neurons of a block I share what the blocks before left
          of the patches, X'. Block by block, with X' = X at first:

            target_I = target_I + scale (Y_I^T X' - tril(Y_I^T Y_I) W_I)
            X' = X' - Y_I W_I

          In the loop you have for block I: outputs Y_I (B, I), weights W_I (I, S) as
          they were before the step, gram = tril(Y_I^T Y_I) (I, I), change = Y_I^T X'
          (I, S), and X' as residual (B, S). Finish the round: three assignments.
          Useful: Contraction.contract("nm,ms->ns", a, b), change.minus(t),
          target.slice(0, from, to).addAssign(t), change.timesAssign(scale).
          Derivation: ./fasthebb derive residual --layer fc5
          """,
          new Mistake(
              "the residual is not carried on: every block starts from all of X again",
              "change = change.minus(Contraction.contract(\"nm,ms->ns\", gram, weights));",
              "target.slice(0, from, to).addAssign(change.timesAssign(scale));"),
          new Mistake(
              "a block leaves X - Y_I W_I to the next, but it should leave X' - Y_I W_I",
              "change = change.minus(Contraction.contract(\"nm,ms->ns\", gram, weights));",
              "target.slice(0, from, to).addAssign(change.timesAssign(scale));",
              "residual = x.minus(Contraction.contract(\"bn,ns->bs\", outputs, weights));"),
          new Mistake(
              "tril(Y_I^T Y_I) W_I is missing: neurons of one block must see each other",
              "target.slice(0, from, to).addAssign(change.timesAssign(scale));",
              "residual = residual.minus(Contraction.contract(\"bn,ns->bs\", outputs, weights));"),
          new Mistake(
              "the residual uses weights after the step, because target is w here: use weights",
              "change = change.minus(Contraction.contract(\"nm,ms->ns\", gram, weights));",
              "Tensor stepped = target.slice(0, from, to).addAssign(change.timesAssign(scale));",
              "residual = residual.minus(Contraction.contract(\"bn,ns->bs\", outputs, stepped));"));

  /** The patch matrix as a view. */
  static final Exercise PATCHES =
      new Exercise(
          5,
          "patches",
          "patches as a view",
          new Blank("org/fasthebb/engine/Layout.java", "patches", "return new Layout("),
          "x",
          """
          A convolution is Y = X W^T with the matrix X of all patches. It is not
          stored: it is the image, seen through other indices.

            X_(b y x),(i j c) = image_b,(y + i),(x + j),c

          Shapes: images (b, h, w, c), kernel kh x kw; the patch matrix is (B, S) with
          B = b ho wo, S = kh kw c, ho = h - kh + 1 and wo = w - kw + 1. One step
          along image axis k moves s[k] elements. An Axis lists the sizes of its
          parts, outer to inner, and how far one step along each moves. Return the
          layout of X.
          Useful: new Layout(offset, rows, columns), new Axis(new int[] {sizes}, new
          int[] {steps}), size(3) for c.
          Derivation: ./fasthebb derive convolution
          """,
          new Mistake(
              "rows and columns within a patch are swapped: its values are in the order (i, j, c)",
              "return new Layout(",
              "    offset,",
              "    new Axis(new int[] {size(0), ho, wo}, new int[] {s[0], s[1], s[2]}),",
              "    new Axis(new int[] {kw, kh, size(3)}, new int[] {s[2], s[1], s[3]}));"),
          new Mistake(
              "channels come first, as in PyTorch: here a patch's values are in the order (i, j,"
                  + " c)",
              "return new Layout(",
              "    offset,",
              "    new Axis(new int[] {size(0), ho, wo}, new int[] {s[0], s[1], s[2]}),",
              "    new Axis(new int[] {size(3), kh, kw}, new int[] {s[3], s[1], s[2]}));"),
          new Mistake(
              "the patches are in the order (b, x, y): the paper's b runs over (b, y, x)",
              "return new Layout(",
              "    offset,",
              "    new Axis(new int[] {size(0), wo, ho}, new int[] {s[0], s[2], s[1]}),",
              "    new Axis(new int[] {kh, kw, size(3)}, new int[] {s[1], s[2], s[3]}));"),
          new Mistake(
              "X is transposed: patches are rows, and their values are columns",
              "return new Layout(",
              "    offset,",
              "    new Axis(new int[] {kh, kw, size(3)}, new int[] {s[1], s[2], s[3]}),",
              "    new Axis(new int[] {size(0), ho, wo}, new int[] {s[0], s[1], s[2]}));"),
          new Mistake(
              "the view starts at element 0: images may be a slice of others and start at offset",
              "return new Layout(",
              "    0,",
              "    new Axis(new int[] {size(0), ho, wo}, new int[] {s[0], s[1], s[2]}),",
              "    new Axis(new int[] {kh, kw, size(3)}, new int[] {s[1], s[2], s[3]}));"));

  /** The factor of the modified batch norm. */
  static final Exercise BATCH_NORM =
      new Exercise(
          6,
          "batch-norm",
          "the modified batch norm",
          new Blank("org/fasthebb/engine/BatchNorm.java", "factor", "Tensor mean ="),
          "y",
          """
          Plain batch norm gives every feature the same variance. Hebbian features say
          by their variance how much they explain, so the authors' code gives it back,
          as a factor on the output:

            factor_n = sqrt((rv_n + eps) / (mean_n(rv_n) + eps))

          Shapes: rv (n) is runningVariance, and eps is EPSILON, a number. Return the
          factor (n).
          Useful: rv.sum() is the sum of all elements, of shape (1); rv.size() is n;
          t.plus(number), t.timesAssign(number), t.div(u), t.sqrt().
          """,
          new Mistake(
              "the square root is missing: the factor would scale deviations by a variance",
              "Tensor mean = runningVariance.sum().timesAssign(1f / runningVariance.size());",
              "return runningVariance.plus(EPSILON).div(mean.plus(EPSILON));"),
          new Mistake(
              "the mean is missing: divide by mean_n(rv_n) + eps, so that only ratios count",
              "return runningVariance.plus(EPSILON).sqrt();"),
          new Mistake(
              "you divided by the sum of the variances: it is their mean",
              "Tensor sum = runningVariance.sum();",
              "return runningVariance.plus(EPSILON).div(sum.plus(EPSILON)).sqrt();"),
          new Mistake(
              "the fraction is upside down: features that vary more get the larger factor",
              "Tensor mean = runningVariance.sum().timesAssign(1f / runningVariance.size());",
              "return mean.plus(EPSILON).div(runningVariance.plus(EPSILON)).sqrt();"));

  /** Sums over shards. */
  static final Exercise SHARDS =
      new Exercise(
          7,
          "shards",
          "merging shards",
          new Blank("org/fasthebb/hebb/MeanStatistics.java", "merge", "add(observed)"),
          "dW",
          """
          A sum over the batch is a sum of sums over its shards, so machines that have
          seen different images can add up what they know, exactly:

            A = A_1 + A_2,   G = G_1 + G_2,   B = B_1 + B_2,   dW = 1/B (A - tril(G) W)

          The method gets the statistics of another shard, as observed. This class
          keeps B as patches (1, 1); its subclasses keep A and G, and add those of
          another shard in add(MeanStatistics). Add all that was observed.
          Useful: add(observed), patches.addAssign(observed.patches).
          Derivation: ./fasthebb derive statistics
          """,
          new Mistake(
              "the sums are added but B is not, so the mean divides by this shard's patches alone",
              "add(observed);"),
          new Mistake(
              "B is added but the sums are not, so the other shard's patches count as zeros",
              "patches.addAssign(observed.patches);"),
          new Mistake(
              "the other shard counts as one patch: it has seen observed.patches of them",
              "add(observed);",
              "patches.assign(patches.plus(1));"));

  private static final List<Exercise> ALL =
      List.of(OJA, SOFT_WTA, TRIANGLE, RESIDUAL, PATCHES, BATCH_NORM, SHARDS);

  private Exercises() {}

  /** All exercises, in the order in which they should be solved. */
  public static List<Exercise> all() {
    return ALL;
  }

  /** The exercise of this number, from 1; null if there is none. */
  public static Exercise numbered(int number) {
    return number >= 1 && number <= ALL.size() ? ALL.get(number - 1) : null;
  }
}
