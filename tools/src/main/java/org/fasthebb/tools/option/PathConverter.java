package org.fasthebb.tools.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.fasthebb.tools.console.Failures;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a file or folder; for an impossible one the message says why. */
public final class PathConverter implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("the name is empty; name a file or folder");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(Failures.impossible(e));
    }
  }
}
