package org.fasthebb.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Einstein summation of two tensors: the engine's one multiplication primitive.
 *
 * <p>{@code contract("bn,bs->ns", r, x)} computes D_ns = sum_b R_bn X_bs (paper eq. 3). Each letter
 * names an axis. A letter of both inputs that is absent from the output is summed; one that stays
 * is a batch axis, and stretches if its size is 1 in one input (paper section 3). A letter of one
 * input must be in the output.
 *
 * <p>Matrix product, batched product, outer product, Gram matrix, convolution (with {@link
 * Tensor#patches}) and both of its gradients are contractions of views.
 */
public final class Contraction {
  private static final Map<String, Contraction> PARSED = new ConcurrentHashMap<>();

  private final String spec;
  private final String a;
  private final String b;
  private final String out;

  private Contraction(String spec) {
    this.spec = spec;
    int comma = spec.indexOf(',');
    int arrow = spec.indexOf("->");
    if (comma < 0 || arrow < comma || spec.indexOf(',', comma + 1) >= 0) {
      throw new IllegalArgumentException(
          "'" + spec + "' is no contraction; write it like \"bn,bs->ns\"");
    }
    a = letters(spec.substring(0, comma));
    b = letters(spec.substring(comma + 1, arrow));
    out = letters(spec.substring(arrow + 2));
    for (char c : (a + b).toCharArray()) {
      if (has(out, c) || (has(a, c) && has(b, c))) {
        continue;
      }
      throw new IllegalArgumentException(
          "'" + spec + "' has " + c + " in one input only; sum it first, or name it in the output");
    }
    for (char c : out.toCharArray()) {
      if (!has(a, c) && !has(b, c)) {
        throw new IllegalArgumentException("'" + spec + "' has " + c + " in the output only");
      }
    }
  }

  private String letters(String part) {
    String letters = part.strip();
    for (int i = 0; i < letters.length(); i++) {
      char c = letters.charAt(i);
      if (!Character.isLetter(c) || letters.indexOf(c) != i) {
        throw new IllegalArgumentException(
            "'" + spec + "': axes are single letters, each once in '" + letters + "'");
      }
    }
    return letters;
  }

  /** The parsed form of a specification such as {@code "bs,ns->bn"}. */
  public static Contraction of(String spec) {
    return PARSED.computeIfAbsent(spec, Contraction::new);
  }

  /**
   * The contraction of a and b as a new tensor.
   *
   * @throws IllegalArgumentException with both shapes, if they do not fit
   */
  public static Tensor contract(String spec, Tensor a, Tensor b) {
    Contraction how = of(spec);
    Tensor out = a.backend().empty(how.shape(a, b));
    a.device().contract(how, a, b, out, false);
    return out;
  }

  /**
   * Writes the contraction of a and b into {@code out}; returns out. If a or b shares memory with
   * out, the result is computed apart and then copied.
   *
   * @throws IllegalArgumentException with both shapes, if they do not fit, or if several elements
   *     of out are one place in memory
   */
  public static Tensor contractInto(Tensor out, String spec, Tensor a, Tensor b) {
    of(spec).into(out, a, b, false);
    return out;
  }

  /** As {@link #contractInto}, but adds the contraction to {@code out}. */
  public static Tensor contractAdd(Tensor out, String spec, Tensor a, Tensor b) {
    of(spec).into(out, a, b, true);
    return out;
  }

  private void into(Tensor target, Tensor a, Tensor b, boolean add) {
    int[] shape = shape(a, b);
    if (!Arrays.equals(shape, target.shape())) {
      throw new IllegalArgumentException(
          "cannot contract "
              + spec
              + " into "
              + target.layout()
              + ": the result is "
              + Arrays.toString(shape));
    }
    target.checkChangeable();
    if (Overlap.isApart(target, a) && Overlap.isApart(target, b)) {
      a.device().contract(this, a, b, target, add);
      return;
    }
    Tensor result = contract(spec, a, b);
    if (add) {
      target.addAssign(result);
    } else {
      target.assign(result);
    }
  }

  /** Shape of the result; checks that the operands fit. */
  public int[] shape(Tensor ta, Tensor tb) {
    checkRank("first", a, ta);
    checkRank("second", b, tb);
    for (int i = 0; i < a.length(); i++) {
      char c = a.charAt(i);
      int j = b.indexOf(c);
      if (j < 0 || ta.size(i) == tb.size(j)) {
        continue;
      }
      boolean stretches = has(out, c) && (ta.size(i) == 1 || tb.size(j) == 1);
      if (!stretches) {
        throw new IllegalArgumentException(
            "cannot contract "
                + spec
                + ": "
                + c
                + " is "
                + ta.size(i)
                + " in the first operand "
                + ta.layout()
                + " but "
                + tb.size(j)
                + " in the second "
                + tb.layout());
      }
    }
    long products = 1; // summed in one element of the result
    for (int i = 0; i < a.length(); i++) {
      products *= has(out, a.charAt(i)) ? 1 : ta.size(i);
      if (products > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "cannot contract "
                + spec
                + ": each element would sum more than 2^31-1 products of "
                + ta.layout()
                + " and "
                + tb.layout()
                + "; add up the results of parts");
      }
    }
    int[] shape = new int[out.length()];
    for (int i = 0; i < shape.length; i++) {
      int x = a.indexOf(out.charAt(i));
      int y = b.indexOf(out.charAt(i));
      int sizeA = x < 0 ? 1 : ta.size(x);
      shape[i] = x < 0 || (sizeA == 1 && y >= 0) ? tb.size(y) : sizeA;
    }
    return shape;
  }

  private void checkRank(String which, String letters, Tensor t) {
    if (letters.length() != t.rank()) {
      throw new IllegalArgumentException(
          "cannot contract "
              + spec
              + ": the "
              + which
              + " operand has axes '"
              + letters
              + "' but shape "
              + t.layout());
    }
  }

  /** Letters of the first operand. */
  public String first() {
    return a;
  }

  /** Letters of the second operand. */
  public String second() {
    return b;
  }

  /** Letters of the result. */
  public String result() {
    return out;
  }

  @Override
  public String toString() {
    return spec;
  }

  private static boolean has(String letters, char c) {
    return letters.indexOf(c) >= 0;
  }
}
