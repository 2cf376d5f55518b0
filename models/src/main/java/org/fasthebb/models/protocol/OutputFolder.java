package org.fasthebb.models.protocol;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.FreeSpace;

/**
 * The folder with the files of an experiment: for each phase a model and its history, and the saved
 * state of training until both exist.
 */
public record OutputFolder(Path path) {
  /** The end of the name of a saved state. */
  public static final String STATE = ".state";

  /**
   * Makes the folder if it does not exist.
   *
   * @throws CheckpointException if it cannot be made or written into
   */
  public static OutputFolder make(Path path) throws CheckpointException {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      String why =
          switch (e) {
            case FileAlreadyExistsException _ -> "there is a file of this name";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> "the system does not allow it";
          };
      throw new CheckpointException(
          "cannot make the output folder " + path + " (" + why + "); choose another output folder",
          e);
    }
    if (!Files.isWritable(path)) {
      throw new CheckpointException(
          "cannot write into the output folder " + path + "; choose another output folder");
    }
    return new OutputFolder(path);
  }

  /**
   * Checks that the disk has room for a file, before the work that produces it.
   *
   * @param bytes final size of the file; the part of it that exists already counts as free
   */
  void requireRoom(String name, long bytes) throws CheckpointException {
    Path file = file(name);
    long present;
    try {
      present = Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new CheckpointException("cannot look into " + path + ": " + e.getMessage(), e);
    }
    FreeSpace.require(file, bytes, present);
  }

  /** A file in the folder. */
  Path file(String name) {
    return path.resolve(name);
  }

  /** The file with the saved state of a phase, until its model exists. */
  Path state(String phase) {
    return path.resolve(phase + STATE);
  }

  /** The file with the history of a phase, beside its model. */
  public Path history(String model) {
    return path.resolve(model.replace(".safetensors", ".json"));
  }
}
