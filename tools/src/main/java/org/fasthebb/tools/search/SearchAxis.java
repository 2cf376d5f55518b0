package org.fasthebb.tools.search;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fasthebb.tools.console.Suggestion;
import org.fasthebb.tools.option.Parameter;

/**
 * A parameter and the values that a search tries, as in {@code rate=1e-4,1e-3}.
 *
 * @param parameter that is varied
 * @param values in the order in which they are neighbours; no two are equal
 */
public record SearchAxis(Parameter parameter, List<BigDecimal> values) {
  /**
   * Reads an axis.
   *
   * @throws IllegalArgumentException with one sentence for the user, if the text is no axis
   */
  public static SearchAxis parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is no axis of a search; write NAME=VALUE,VALUE as in rate=1e-4,1e-3");
    }
    Parameter parameter = parameter(text.substring(0, equals), text);
    List<BigDecimal> values = new ArrayList<>();
    for (String word : text.substring(equals + 1).split(",", -1)) {
      BigDecimal value = value(parameter, word);
      if (values.contains(value)) {
        throw new IllegalArgumentException("'" + text + "' has " + word + " twice; once is enough");
      }
      values.add(value);
    }
    return new SearchAxis(parameter, List.copyOf(values));
  }

  private static Parameter parameter(String name, String text) {
    List<String> names =
        Arrays.stream(Parameter.values())
            .filter(Parameter::isNumber)
            .map(Parameter::toString)
            .toList();
    return Arrays.stream(Parameter.values())
        .filter(parameter -> parameter.isNumber() && parameter.toString().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'"
                    + text
                    + "' varies '"
                    + name
                    + "'; choose among "
                    + String.join(", ", names)
                    + Suggestion.of(name, names)));
  }

  /** A value without trailing zeros, so that 1e-3 and 0.0010 are equal. */
  private static BigDecimal value(Parameter parameter, String word) {
    BigDecimal value;
    try {
      value = new BigDecimal(word).stripTrailingZeros();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + word + "' is no number; " + parameter + " must be " + parameter.range(0), e);
    }
    if (!parameter.accepts(value)) {
      throw new IllegalArgumentException(
          parameter + " is " + word + "; it must be " + parameter.range(value));
    }
    return value;
  }
}
