package org.fasthebb.tools.option;

import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a number; for a wrong one the message says in plain words what is needed.
 *
 * @param needed such as "a number"
 */
public record NumberConverter<T>(String needed, Function<String, T> parse)
    implements ITypeConverter<T> {
  private static final String WHOLE = "a whole number from %s to %s";

  /** From now on, the program reads all numbers by such converters. */
  public static void register(CommandLine program) {
    String whole = NumberConverter.WHOLE;
    String integer = whole.formatted(Integer.MIN_VALUE, Integer.MAX_VALUE);
    register(program, List.of(int.class, Integer.class), integer, Integer::valueOf);
    String wide = whole.formatted(Long.MIN_VALUE, Long.MAX_VALUE);
    register(program, List.of(long.class, Long.class), wide, Long::valueOf);
    register(program, List.of(float.class, Float.class), "a number", Float::valueOf);
    register(program, List.of(double.class, Double.class), "a number", Double::valueOf);
  }

  @SuppressWarnings("unchecked") // a primitive type and its box, which have one converter
  private static <N> void register(
      CommandLine program, List<Class<?>> types, String needed, Function<String, N> parse) {
    for (Class<?> type : types) {
      program.registerConverter((Class<N>) type, new NumberConverter<>(needed, parse));
    }
  }

  @Override
  public T convert(String text) {
    try {
      return parse.apply(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not " + needed);
    }
  }
}
