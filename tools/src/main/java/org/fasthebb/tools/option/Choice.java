package org.fasthebb.tools.option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.fasthebb.tools.console.Suggestion;
import org.fasthebb.tools.console.Text;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of some named values; for a wrong name the message lists all of them. */
public class Choice<T> implements ITypeConverter<T> {
  private final List<T> values;
  private final Function<T, String> name;

  /** A choice among these values, by their names. */
  Choice(List<T> values, Function<T, String> name) {
    this.values = values;
    this.name = name;
  }

  /** A choice among the values of an enum, by their names in lower case. */
  public static <E extends Enum<E>> Choice<E> of(Class<E> type) {
    return new Choice<>(Arrays.asList(type.getEnumConstants()), Text::name);
  }

  @Override
  public T convert(String text) {
    List<String> names = values.stream().map(name).toList();
    int index = names.indexOf(text);
    if (index < 0) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not one of "
              + String.join(", ", names)
              + Suggestion.of(text.toLowerCase(Locale.ROOT), names));
    }
    return values.get(index);
  }
}
