package org.fasthebb.engine.io;

import java.io.IOException;
import java.util.Locale;

/** A file that breaks a rule of its format; the message is one sentence for the user. */
public final class FileFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Formats the message alike in every locale. */
  FileFormatException(String format, Object... arguments) {
    super(String.format(Locale.ROOT, format, arguments));
  }
}
