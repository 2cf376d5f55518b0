package org.fasthebb.models.protocol;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.fasthebb.models.io.CheckpointException;

/**
 * The folder that an experiment leaves its files in: for each phase a model, its outcome beside it,
 * and a saved state until both are there.
 */
public record OutputFolder(Path path) {
  /**
   * Makes the folder if it is not there.
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
   * Refuses a disk that is too small for a file, before the work that leads to it.
   *
   * @param bytes that the file will have; what there is of it already counts
   */
  void requireRoom(String name, long bytes) throws CheckpointException {
    Path file = file(name);
    long room;
    try {
      room = Files.getFileStore(path).getUsableSpace();
      room += Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new CheckpointException("cannot look into " + path + ": " + e.getMessage(), e);
    }
    if (bytes > room) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s takes %.1f MB while it is needed, but there are %.1f MB free; choose another"
                  + " output folder",
              file,
              bytes / 1e6,
              room / 1e6));
    }
  }

  /** A file of it. */
  Path file(String name) {
    return path.resolve(name);
  }

  /** Where training in a phase is saved until its model is there. */
  Path state(String phase) {
    return path.resolve(phase + ".state");
  }

  /** Where the outcome of a phase is kept, beside its model. */
  Path outcome(String model) {
    return path.resolve(model.replace(".safetensors", ".json"));
  }
}
