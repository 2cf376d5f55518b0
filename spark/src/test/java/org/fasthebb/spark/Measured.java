package org.fasthebb.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Figures of the long tests, in target/measured.txt. */
final class Measured {
  private static final Path FILE = Path.of("target", "measured.txt");

  private Measured() {}

  /** Adds a line. */
  static void add(String line) throws IOException {
    Files.createDirectories(FILE.getParent());
    Files.writeString(
        FILE, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
