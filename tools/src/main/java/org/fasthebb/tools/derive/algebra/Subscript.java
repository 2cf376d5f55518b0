package org.fasthebb.tools.derive.algebra;

/**
 * An index of a tensor: the axis itself, as in X_bs, or shifted along another, as in I_(y+i).
 *
 * @param axis the axis
 * @param sign 1 or -1 for a shift, 0 for none
 * @param shift the axis that shifts it; null for none
 */
public record Subscript(NamedAxis axis, int sign, NamedAxis shift) {
  public static Subscript of(NamedAxis axis) {
    return new Subscript(axis, 0, null);
  }

  public boolean isShifted() {
    return sign != 0;
  }

  boolean has(NamedAxis other) {
    return axis == other || shift == other;
  }

  @Override
  public String toString() {
    return isShifted() ? axis + (sign > 0 ? "+" : "−") + shift : axis.toString();
  }
}
