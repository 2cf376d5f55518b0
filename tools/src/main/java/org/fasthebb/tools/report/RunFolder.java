package org.fasthebb.tools.report;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.ReadFailure;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.OutputFolder;
import org.fasthebb.tools.option.Percent;

/**
 * What a training command left in a folder.
 *
 * @param changed when its last file was written
 * @param status how far it came
 * @param settings all that its bits depend on, by name; defaults may be left out
 * @param results of the test; null if there was none yet
 * @param pretraining the course of pre-training; null if it has not ended
 * @param learning the course of learning the labels; null if it has not ended
 */
public record RunFolder(
    Path folder,
    Instant changed,
    RunStatus status,
    Map<String, String> settings,
    Results results,
    History pretraining,
    History learning) {
  /** Name of the file with the results of a run. */
  public static final String RESULTS = "results.json";

  private static final String IDENTITY = "identity";

  /** How far a run came. */
  public enum RunStatus {
    /** Killed, stopped, or still at work. */
    UNFINISHED("not ended"),
    /** Pre-trained, without labels yet. */
    PRETRAINED("pre-trained"),
    /** It has learned the labels, but no results of a test are there. */
    LEARNED("not tested"),
    /** All is done. */
    TESTED("ended");

    private final String words;

    RunStatus(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * Reads a folder; empty if there is no run in it.
   *
   * @throws CheckpointException if its files are damaged
   */
  public static Optional<RunFolder> read(Path folder) throws CheckpointException {
    OutputFolder files = new OutputFolder(folder);
    List<Path> states = states(folder);
    Path model = folder.resolve(Experiment.MODEL);
    Path pretrained = folder.resolve(Experiment.PRETRAINED);
    Path known = Files.exists(model) ? model : pretrained;
    if (!Files.exists(known)) {
      if (states.isEmpty()) {
        return Optional.empty();
      }
      known = states.getFirst();
    }
    Path json = folder.resolve(RESULTS);
    Results results = Files.exists(json) ? Json.read(json, Results.class) : null;
    RunStatus status =
        !states.isEmpty()
            ? RunStatus.UNFINISHED
            : results != null
                ? RunStatus.TESTED
                : known.equals(model) ? RunStatus.LEARNED : RunStatus.PRETRAINED;
    String identity = SafeTensors.metadata(known).getOrDefault(IDENTITY, "");
    return Optional.of(
        new RunFolder(
            folder,
            changed(Stream.concat(states.stream(), Stream.of(model, pretrained, json)).toList()),
            status,
            Identity.settings(identity),
            results,
            history(files.history(Experiment.PRETRAINED)),
            history(files.history(Experiment.MODEL))));
  }

  private static History history(Path file) throws CheckpointException {
    return Files.exists(file) ? Json.read(file, History.class) : null;
  }

  /** The saved states of phases that have not ended. */
  private static List<Path> states(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(OutputFolder.STATE))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DataException(folder + " cannot be listed: " + ReadFailure.reason(e), e);
    }
  }

  private static Instant changed(List<Path> files) {
    return files.stream()
        .filter(Files::exists)
        .map(file -> file.toFile().lastModified())
        .max(Long::compare)
        .map(Instant::ofEpochMilli)
        .orElse(Instant.EPOCH);
  }

  /**
   * All runs in a folder and in those below it, the newest first.
   *
   * @param damaged receives why a run cannot be read; the others are read all the same
   */
  public static List<RunFolder> list(Path root, Consumer<String> damaged) {
    List<RunFolder> found = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            try {
              read(folder).ifPresent(found::add);
            } catch (CheckpointException | DataException e) {
              damaged.accept(e.getMessage());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // one that may not be read, or has just gone
          }
        };
    try {
      Files.walkFileTree(root, visitor);
    } catch (IOException e) {
      throw new DataException(root + " cannot be listed: " + ReadFailure.reason(e), e);
    }
    found.sort((a, b) -> b.changed.compareTo(a.changed));
    return found;
  }

  /** The method of pre-training, and what learned the labels. */
  public String method() {
    String rule = settings.getOrDefault("rule", "");
    String readOut = results == null ? settings.get("read_out") : results.readOut();
    return readOut == null || readOut.equals("finetune") ? rule : rule + ", " + readOut;
  }

  /** Name of the data. */
  public String data() {
    return settings.getOrDefault("data", "").split("/")[0];
  }

  /** The share of the training images whose labels were used; null if there was none. */
  public Double labels() {
    String labels = settings.get("labels");
    return labels == null ? null : Double.valueOf(labels);
  }

  /** The same in percent; empty if there was none. */
  public String labelled() {
    return labels() == null ? "" : Percent.of(labels()).toString();
  }

  /** The names of its settings of learning the labels, which begin with their share. */
  public Set<String> readOutSettings() {
    List<String> names = List.copyOf(settings.keySet());
    int first = names.indexOf("labels");
    return first < 0 ? Set.of() : Set.copyOf(names.subList(first, names.size()));
  }

  /** Epochs of pre-training and, if there were any, of learning the labels. */
  public String epochs() {
    String labels =
        settings.getOrDefault("fine_tune_epochs", settings.getOrDefault("read_out_epochs", ""));
    String own = settings.getOrDefault("epochs", "");
    return labels.isEmpty() ? own : own + " + " + labels;
  }

  /** Accuracy on the test images; null if there was no test. */
  public Double accuracy() {
    return results == null ? null : results.testAccuracy();
  }
}
