package org.fasthebb.tools.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.FolderLock;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.Text;

/**
 * The objects that a training command works with.
 *
 * @param backend what computes
 * @param data the images
 * @param fingerprint of the data
 * @param settings everything else that determines the results
 * @param folder the folder for the results
 * @param progress receives the progress
 * @param experiment the phases to run
 */
public record Session(
    Backend backend,
    DataSet data,
    String fingerprint,
    Settings settings,
    Path folder,
    Progress progress,
    Experiment experiment) {

  /** The part of a command that works with a session. */
  public interface SessionWork {
    void accept(Session session) throws CheckpointException;
  }

  /** Does the work. If it fails, removes an output folder that it made and that is still empty. */
  public static void run(
      Backend backend,
      DataSet data,
      Settings settings,
      Path folder,
      Progress progress,
      SessionWork work)
      throws CheckpointException {
    boolean existed = Files.exists(folder);
    boolean done = false;
    try {
      Experiment experiment = new Experiment(backend, data, settings, folder, progress);
      try (FolderLock _ = FolderLock.of(folder)) {
        work.accept(
            new Session(backend, data, data.fingerprint(), settings, folder, progress, experiment));
      }
      done = true;
    } finally {
      if (!done && !existed) {
        removeIfEmpty(folder);
      }
    }
  }

  private static void removeIfEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      return; // it has files to continue from, or it was never made
    }
  }

  /** Accuracy on the test images. */
  public Accuracy test(ModelFile model) throws CheckpointException {
    return test(model, _ -> {});
  }

  /** Accuracy on the test images; {@code seen} receives their scores (b, classes), in order. */
  public Accuracy test(ModelFile model, Consumer<float[]> seen) throws CheckpointException {
    progress.message("testing on " + Text.count(data.test().size(), "image"));
    return experiment.test(model, seen);
  }
}
