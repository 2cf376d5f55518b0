package org.fasthebb.models.train;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.models.io.CheckpointException;

/** The folder that an experiment leaves its files in. */
final class OutputFolder {
  private OutputFolder() {}

  /** Makes the folder if it is not there; refuses one that cannot be written into. */
  static void make(Path folder) throws CheckpointException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      String why =
          switch (e) {
            case FileAlreadyExistsException _ -> "there is a file of this name";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> "the system does not allow it";
          };
      throw new CheckpointException(
          "cannot make the output folder " + folder + " (" + why + "); choose another --out", e);
    }
    if (!Files.isWritable(folder)) {
      throw new CheckpointException(
          "cannot write into the output folder " + folder + "; choose another --out");
    }
  }
}
