package org.fasthebb.tools.option;

import java.util.Iterator;
import java.util.ListResourceBundle;
import java.util.stream.Collectors;
import org.fasthebb.models.protocol.Method;

/** Reads a method by its name; for a wrong name the message lists all of them. */
public final class MethodConverter extends Choice<Method> {
  /** Made by picocli. */
  public MethodConverter() {
    super(Method.all(), Method::name);
  }

  /** The names of all methods, for completion by a shell. */
  static final class MethodNames implements Iterable<String> {
    private MethodNames() {}

    @Override
    public Iterator<String> iterator() {
      return Method.all().stream().map(Method::name).iterator();
    }
  }

  /** The names and descriptions of all methods, which help shows for {@code ${bundle:methods}}. */
  public static final class MethodTitles extends ListResourceBundle {
    /** Made by the program. */
    public MethodTitles() {}

    @Override
    protected Object[][] getContents() {
      String titles =
          Method.all().stream()
              .map(method -> method.name() + " (" + method.title() + ")")
              .collect(Collectors.joining(", "));
      return new Object[][] {{"methods", titles}};
    }
  }
}
