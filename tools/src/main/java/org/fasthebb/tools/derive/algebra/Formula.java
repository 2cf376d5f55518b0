package org.fasthebb.tools.derive.algebra;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fasthebb.tools.console.Text;

/**
 * A sum of products of sizes, such as BNS + BN² + N²S.
 *
 * @param terms each size with its power; equal ones are one term
 */
public record Formula(Map<Map<String, Integer>, Double> terms) {
  static Formula zero() {
    return new Formula(Map.of());
  }

  /**
   * A product of sizes.
   *
   * @param sizes as {@link NamedAxis#size} says them; one may be a quotient, such as N/K
   */
  static Formula product(double factor, List<String> sizes) {
    Map<String, Integer> powers = new TreeMap<>();
    for (String size : sizes) {
      String[] parts = size.split("/", -1);
      powers.merge(parts[0], 1, Integer::sum);
      if (parts.length > 1) {
        powers.merge(parts[1], -1, Integer::sum);
      }
    }
    powers.values().removeIf(power -> power == 0);
    return new Formula(Map.of(powers, factor));
  }

  Formula plus(Formula other) {
    Map<Map<String, Integer>, Double> sum = new HashMap<>(terms);
    other.terms.forEach((powers, factor) -> sum.merge(powers, factor, Double::sum));
    return new Formula(sum);
  }

  Formula times(double factor) {
    Map<Map<String, Integer>, Double> product = new HashMap<>(terms);
    product.replaceAll((_, each) -> factor * each);
    return new Formula(product);
  }

  /** Highest degree first. */
  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    Comparator<Map.Entry<Map<String, Integer>, Double>> byDegree =
        Comparator.comparingInt(
            each -> -each.getKey().values().stream().mapToInt(Integer::intValue).sum());
    return terms.entrySet().stream()
        .sorted(byDegree.thenComparing(each -> monomial(each.getKey())))
        .map(each -> factor(each.getValue()) + monomial(each.getKey()))
        .collect(Collectors.joining(" + "));
  }

  private static String factor(double factor) {
    if (factor == 1) {
      return "";
    }
    return factor == 0.5 ? "½" : Text.format("%.4g", factor).replaceAll("\\.?0+$", "");
  }

  private static String monomial(Map<String, Integer> powers) {
    List<String> over = new ArrayList<>();
    List<String> under = new ArrayList<>();
    powers.forEach((size, power) -> {
      String raised = size + raised(Math.abs(power));
      (power > 0 ? over : under).add(raised);
    });
    String top = over.isEmpty() ? "1" : String.join("", over);
    return under.isEmpty() ? top : top + "/" + String.join("", under);
  }

  private static String raised(int power) {
    return switch (power) {
      case 1 -> "";
      case 2 -> "²";
      case 3 -> "³";
      default -> "^" + power;
    };
  }
}
