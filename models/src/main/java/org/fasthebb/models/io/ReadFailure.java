package org.fasthebb.models.io;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says why a file or folder cannot be read. */
public final class ReadFailure {
  /** What Java shows in the place of bytes of a name that are no letters. */
  private static final String NO_LETTER = "\ufffd";

  private ReadFailure() {}

  /** What helps: another name if there is no such file, else {@code other}. */
  public static String wayOut(IOException e, String other) {
    return e instanceof NoSuchFileException ? "correct its name" : other;
  }

  /** The reason in words that fit into a sentence, such as "there is no such file". */
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "reading is not permitted";
      case NoSuchFileException f when String.valueOf(f.getFile()).contains(NO_LETTER) ->
          "its name has bytes that are no letters in "
              + Charset.forName(System.getProperty("sun.jnu.encoding"))
              + ", so rename it";
      case NoSuchFileException _ -> "there is no such file";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case FileSystemException _ -> "the system cannot read it";
      case IOException _ when "Is a directory".equals(e.getMessage()) -> "it is a folder";
      default -> e.getMessage() == null ? "the system cannot read it" : e.getMessage();
    };
  }
}
