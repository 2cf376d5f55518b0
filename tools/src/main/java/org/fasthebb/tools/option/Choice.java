package org.fasthebb.tools.option;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.fasthebb.tools.console.Text;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an enum value by its lower-case name; for a wrong name the message lists all of them. */
public class Choice<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  public Choice(Class<E> type) {
    this.type = type;
  }

  @Override
  public E convert(String text) {
    E[] values = type.getEnumConstants();
    for (E value : values) {
      if (Text.name(value).equals(text)) {
        return value;
      }
    }
    String names = Arrays.stream(values).map(Text::name).collect(Collectors.joining(", "));
    throw new TypeConversionException("'" + text + "' is not one of " + names);
  }
}
