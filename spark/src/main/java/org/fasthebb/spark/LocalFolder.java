package org.fasthebb.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.models.protocol.ModelFile;

/**
 * A folder on this machine that is removed in the end: networks are read from files and written to
 * files, but go through Spark as bytes.
 */
final class LocalFolder implements AutoCloseable {
  private final Path path;

  LocalFolder() throws IOException {
    path = Files.createTempDirectory("fasthebb");
  }

  /** A folder in another. */
  LocalFolder(Path parent) throws IOException {
    path = Files.createTempDirectory(parent, "fasthebb");
  }

  Path path() {
    return path;
  }

  /** A file with a network's bytes. */
  Path model(byte[] content) throws IOException {
    return Files.write(path.resolve("model.safetensors"), content);
  }

  /** The bytes of a network. */
  byte[] bytes(ModelFile model) throws IOException {
    Path file = path.resolve("written.safetensors");
    model.write(file);
    return Files.readAllBytes(file);
  }

  @Override
  public void close() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(path)) {
      files = all.toList();
    }
    for (Path file : files.reversed()) { // what is in a folder before the folder
      Files.delete(file);
    }
  }
}
