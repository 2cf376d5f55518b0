package org.fasthebb.engine;

import java.util.Arrays;

/**
 * Tells whether elements of tensors share a place in memory. An operation writes the elements of a
 * view in an order that it chooses, several at a time. So it must not read from a place that it may
 * have written before.
 */
final class Overlap {
  /** More than any place in memory. */
  private static final long EVERYTHING = 1L << 32;

  private Overlap() {}

  /** Whether several elements of a tensor share one place in memory, as in a broadcast view. */
  static boolean isWithin(Layout x) {
    if (x.isContiguous()) {
      return false;
    }
    for (int i = 0; i < x.rank(); i++) {
      Layout.Axis axis = x.axis(i);
      for (int j = 0; j < axis.sizes().length; j++) {
        int size = axis.sizes()[j];
        long stride = axis.strides()[j];
        // How far the other loops lead whose steps are no longer than this one's.
        if (size > 1 && reach(x, stride + 1) - (size - 1) * stride >= stride) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether no element of {@code operand} is the memory of an element of {@code target} that has
   * another index: an operation that works element by element may then write where it reads.
   *
   * @param operand of the same shape
   */
  static boolean isElementwise(Tensor target, Tensor operand) {
    return isApart(target, operand) || isSame(target.layout(), operand.layout());
  }

  /**
   * Whether two tensors share no memory. It may say no of two that share none, if one of them lies
   * in memory in an unusual way.
   */
  static boolean isApart(Tensor a, Tensor b) {
    return !a.storage().memory().equals(b.storage().memory()) || isApart(a.layout(), b.layout());
  }

  /** Whether the same index leads to the same place in both. */
  private static boolean isSame(Layout a, Layout b) {
    if (a.offset() != b.offset()) {
      return false;
    }
    if (a.isContiguous() && b.isContiguous()) {
      return true;
    }
    for (int i = 0; i < a.rank(); i++) {
      Layout.Axis x = a.axis(i);
      Layout.Axis y = b.axis(i);
      if (x.size() > 1
          && !(Arrays.equals(x.sizes(), y.sizes()) && Arrays.equals(x.strides(), y.strides()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isApart(Layout a, Layout b) {
    return isApart(a, b, EVERYTHING) || isApartByStrides(a, a, b) || isApartByStrides(b, a, b);
  }

  /**
   * Whether places differ in the remainder of some stride: so do those of two slices of one tensor
   * along any axis.
   */
  private static boolean isApartByStrides(Layout of, Layout a, Layout b) {
    for (int i = 0; i < of.rank(); i++) {
      Layout.Axis axis = of.axis(i);
      for (int j = 0; j < axis.sizes().length; j++) {
        if (axis.sizes()[j] > 1 && axis.strides()[j] > 1 && isApart(a, b, axis.strides()[j])) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the places of a and of b, as remainders of a modulus, are in disjoint ranges. */
  private static boolean isApart(Layout a, Layout b, long modulus) {
    long between = Math.floorMod(b.offset() - (long) a.offset(), modulus);
    return isWhole(a, modulus)
        && isWhole(b, modulus)
        && reach(a, modulus) < between
        && between + reach(b, modulus) < modulus;
  }

  /** Whether steps that are not shorter than a modulus do not change the remainder. */
  private static boolean isWhole(Layout x, long modulus) {
    for (int i = 0; i < x.rank(); i++) {
      Layout.Axis axis = x.axis(i);
      for (int j = 0; j < axis.sizes().length; j++) {
        int stride = axis.strides()[j];
        if (axis.sizes()[j] > 1 && stride >= modulus && stride % modulus != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Distance of the first and the last place that steps shorter than a limit lead to. */
  private static long reach(Layout x, long limit) {
    long reach = 0;
    for (int i = 0; i < x.rank(); i++) {
      Layout.Axis axis = x.axis(i);
      for (int j = 0; j < axis.sizes().length; j++) {
        if (axis.strides()[j] < limit) {
          reach += Math.max(0, axis.sizes()[j] - 1L) * axis.strides()[j];
        }
      }
    }
    return reach;
  }
}
