package org.fasthebb.engine.internal.cuda.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A made-up file system, environment and set of properties. */
public final class FakeMachine {
  private final Path root;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> properties =
      new HashMap<>(Map.of("os.name", "Linux", "os.arch", "amd64"));

  public FakeMachine(Path root) {
    this.root = root;
  }

  /** Adds an empty file, and returns its path on this machine. */
  public String file(String name) {
    try {
      Path file = root.resolve(name.substring(1));
      Files.createDirectories(file.getParent());
      return Files.createFile(file).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a link to a path relative to its folder. */
  void link(String name, String target) {
    try {
      Path link = root.resolve(name.substring(1));
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, Path.of(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeMachine variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  public FakeMachine property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  public Surroundings surroundings() {
    return new Surroundings(root, variables, properties::get);
  }
}
