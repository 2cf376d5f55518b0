package org.fasthebb.tools.option;

import java.util.Iterator;
import org.fasthebb.models.protocol.Method;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a method by its name; for a wrong name the message lists all of them. */
public final class MethodConverter implements ITypeConverter<Method> {
  /** Made by picocli. */
  public MethodConverter() {}

  @Override
  public Method convert(String text) {
    return Method.named(text)
        .orElseThrow(
            () -> new TypeConversionException("'" + text + "' is not one of " + Method.names()));
  }

  /** The names and descriptions of all methods, for help. */
  static final class Words implements Iterable<String> {
    private Words() {}

    @Override
    public Iterator<String> iterator() {
      return Method.all().stream()
          .map(method -> method.name() + " (" + method.title() + ")")
          .iterator();
    }
  }
}
