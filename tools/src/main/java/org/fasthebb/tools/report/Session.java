package org.fasthebb.tools.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.Text;

/**
 * One training command at work.
 *
 * @param backend computes
 * @param data the images
 * @param fingerprint of the data
 * @param settings all else that determines the results
 * @param folder where they go
 * @param progress is told
 * @param experiment does the work
 */
public record Session(
    Backend backend,
    DataSet data,
    String fingerprint,
    Settings settings,
    Path folder,
    Progress progress,
    Experiment experiment) {

  /** The part of a command that needs a session. */
  public interface SessionWork {
    void accept(Session session) throws CheckpointException;
  }

  /** Does the work; if it fails, an output folder that was made for it and is empty goes again. */
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
      work.accept(
          new Session(backend, data, data.fingerprint(), settings, folder, progress, experiment));
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
      return; // there is something in it to go on from, or it was never made
    }
  }

  /** Accuracy on the test images. */
  public double test(ModelFile model) throws CheckpointException {
    progress.message("testing on " + Text.count(data.test().size(), "image"));
    return experiment.test(model);
  }
}
