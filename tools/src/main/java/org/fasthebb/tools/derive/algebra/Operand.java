package org.fasthebb.tools.derive.algebra;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A tensor in a plan.
 *
 * @param name in code
 * @param axes its axes, in order
 * @param cuts the axes of which only some indices are meant in a loop
 * @param whole whether the tensor has all indices of its axes, so that a loop must slice it
 */
public record Operand(String name, List<NamedAxis> axes, Map<NamedAxis, Cut> cuts, boolean whole) {
  /** Which indices of an axis are meant. */
  public enum Cut {
    /** Those of this block or shard. */
    PART,
    /** Those of earlier blocks. */
    BEFORE
  }

  String letters() {
    return axes.stream().map(NamedAxis::toString).collect(Collectors.joining());
  }
}
