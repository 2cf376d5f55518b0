package org.fasthebb.engine.internal.strided;

import org.fasthebb.engine.Contraction;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Tensor;

/**
 * The letters of a contraction, sorted into the roles they have in a batch of matrix products C_mn
 * = sum_k A_mk B_kn.
 *
 * @param m letters of a and the result, with strides in those
 * @param n letters of b and the result, with strides in those
 * @param k letters of a and b, which are summed over, with strides in those
 * @param batchA letters of all three, with strides in a and the result
 * @param batchB the same, with strides in b and 0
 */
public record LetterGroups(
    AxisGroup m, AxisGroup n, AxisGroup k, AxisGroup batchA, AxisGroup batchB) {
  /** The groups for operands whose shapes fit. */
  public static LetterGroups of(Contraction how, Tensor a, Tensor b, Tensor out) {
    AxisGroup m = new AxisGroup();
    AxisGroup n = new AxisGroup();
    AxisGroup batchA = new AxisGroup();
    AxisGroup batchB = new AxisGroup();
    for (int i = 0; i < how.result().length(); i++) {
      char c = how.result().charAt(i);
      int inA = how.first().indexOf(c);
      int inB = how.second().indexOf(c);
      Layout.Axis target = out.layout().axis(i);
      if (inA >= 0 && inB >= 0) {
        batchA.add(stretched(a.layout().axis(inA), target), target);
        batchB.add(stretched(b.layout().axis(inB), target), stretchedIndex(target));
      } else if (inA >= 0) {
        m.add(a.layout().axis(inA), target);
      } else {
        n.add(b.layout().axis(inB), target);
      }
    }
    AxisGroup k = new AxisGroup();
    for (int i = 0; i < how.first().length(); i++) {
      char c = how.first().charAt(i);
      if (how.result().indexOf(c) < 0) {
        k.add(a.layout().axis(i), b.layout().axis(how.second().indexOf(c)));
      }
    }
    return new LetterGroups(m, n, k, batchA, batchB);
  }

  private static Layout.Axis stretched(Layout.Axis axis, Layout.Axis to) {
    return axis.size() == to.size() ? axis : stretchedIndex(to);
  }

  /** An axis that repeats one element as often as {@code like} is long. */
  private static Layout.Axis stretchedIndex(Layout.Axis like) {
    return new Layout.Axis(like.sizes(), new int[like.sizes().length]);
  }
}
