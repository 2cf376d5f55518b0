package org.fasthebb.tools.search;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.fasthebb.tools.option.Parameter;

/**
 * The space of a search: all combinations of the values of some parameters.
 *
 * @param axes at least one, each of another parameter
 */
public record Space(List<SearchAxis> axes) {
  /** Checks that no parameter is there twice. */
  public Space {
    axes = List.copyOf(axes);
    Set<Parameter> parameters =
        axes.stream().map(SearchAxis::parameter).collect(Collectors.toSet());
    if (axes.isEmpty() || parameters.size() < axes.size()) {
      throw new IllegalArgumentException(
          "the space has "
              + axes.stream().map(SearchAxis::parameter).toList()
              + "; name each once");
    }
  }

  /** Values on each axis. */
  public List<Integer> sizes() {
    return axes.stream().map(axis -> axis.values().size()).toList();
  }

  /** The values at a point, given by its index on each axis. */
  public Map<Parameter, BigDecimal> at(List<Integer> point) {
    Map<Parameter, BigDecimal> values = new EnumMap<>(Parameter.class);
    for (int i = 0; i < axes.size(); i++) {
      values.put(axes.get(i).parameter(), axes.get(i).values().get(point.get(i)));
    }
    return values;
  }

  /**
   * Some values as words such as {@code rate=0.001}; their order does not depend on the space.
   *
   * @param which selects the parameters
   */
  public static String words(
      Map<Parameter, BigDecimal> values, String separator, Predicate<Parameter> which) {
    return values.entrySet().stream()
        .filter(entry -> which.test(entry.getKey()))
        .map(entry -> entry.getKey() + "=" + entry.getValue().toPlainString())
        .collect(Collectors.joining(separator));
  }
}
