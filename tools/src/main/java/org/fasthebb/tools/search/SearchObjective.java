package org.fasthebb.tools.search;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.DivergedException;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.learn.SavePace;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.WorkPart;
import org.fasthebb.tools.search.CoordinateDescent.Trial;
import org.fasthebb.tools.tables.Done;

/**
 * The objective of a search: validation accuracy after fine-tuning, the mean over seeds. The result
 * of each seed of a point is a file, and so is each pre-training. Points that differ only in
 * fine-tuning share their pre-training.
 *
 * @param settingsAt makes settings from the values of a point and a seed
 * @param seeds the seeds to average over
 * @param pace how often training is saved
 * @param done the trials so far; new ones are added
 */
public record SearchObjective(
    Backend backend,
    DataSet images,
    Space space,
    SettingsAt settingsAt,
    List<Long> seeds,
    Path folder,
    Progress progress,
    SavePace pace,
    List<Trial> done)
    implements CoordinateDescent.Objective<CheckpointException> {
  /** Name of the file with the table of trials so far. */
  public static final String TABLE = "search.csv";

  /** Name of the file with the result of a seed of a point, in a folder of its own. */
  public static final String EVALUATION = "evaluation.json";

  /** The beginning of the names of folders with a pre-trained network. */
  public static final String PRETRAINING = "pretraining";

  /** Makes settings from values. */
  public interface SettingsAt {
    Settings of(Map<Parameter, BigDecimal> values, long seed);
  }

  /**
   * The result of a seed of a point.
   *
   * @param identity of the settings and data it came from
   * @param validation accuracy on the validation images after the best epoch of fine-tuning, 0 to
   *     1; null if training diverged
   */
  private record SeedResult(String identity, Double validation) {}

  /** A training that a search needs: of the values of a point, with one seed. */
  private record Training(Map<Parameter, BigDecimal> values, Settings settings) {}

  @Override
  public double at(List<Integer> point) throws CheckpointException {
    String trial = "trial " + (done.size() + 1);
    double sum = 0;
    for (Training training : trainings(point)) {
      SeedResult result = found(training);
      if (result == null) {
        result = run(training, trial);
      }
      if (result.validation == null) {
        sum = Double.NaN;
        break; // a point is not usable if one seed diverges
      }
      sum += result.validation;
    }
    double mean = sum / seeds.size();
    done.add(new Trial(point, mean));
    AtomicFile.writeString(folder.resolve(TABLE), SearchTable.of(space, done).csv());
    return mean;
  }

  /**
   * Runs one of the trainings that a search needs next, so that others can run at the same time.
   * With all results in one folder, the search takes the path that it takes alone.
   *
   * @param trials the most points that the search evaluates
   * @param part which training: the first, if it is part 0
   */
  public void run(CoordinateDescent descent, int trials, WorkPart part) throws CheckpointException {
    List<Training> next = next(descent, trials);
    if (part.number() < next.size()) {
      run(next.get(part.number()), "part " + part);
    } else {
      progress.message(
          next.isEmpty()
              ? "nothing is left to train; without --part this command writes the table"
              : "part %s has nothing to do; trainings that are needed next: %s"
                  .formatted(part, next.size()));
    }
  }

  /**
   * The trainings without a result, in the order in which the search needs them if none of them is
   * better than what is known.
   */
  private List<Training> next(CoordinateDescent descent, int trials) throws CheckpointException {
    List<Training> next = new ArrayList<>();
    descent.run(
        trials,
        point -> {
          double sum = 0;
          for (Training training : trainings(point)) {
            SeedResult result = found(training);
            if (result == null) {
              next.add(training);
              sum = Double.NaN; // so the mean is not known either
            } else if (result.validation == null) {
              return Double.NaN;
            } else {
              sum += result.validation;
            }
          }
          return sum / seeds.size();
        });
    return next;
  }

  private List<Training> trainings(List<Integer> point) {
    Map<Parameter, BigDecimal> values = space.at(point);
    return seeds.stream().map(seed -> new Training(values, settingsAt.of(values, seed))).toList();
  }

  private String identity(Training training) {
    String dataIdentity = images.name() + "/" + images.fingerprint();
    return Identity.of(training.settings.identity(dataIdentity), backend.kernels());
  }

  private Path place(Training training) {
    return place("point", training, _ -> true);
  }

  /** The result of an earlier call, or null. */
  private SeedResult found(Training training) throws CheckpointException {
    Path place = place(training);
    SeedResult found =
        Done.find(
            place.resolve(EVALUATION), SeedResult.class, SeedResult::identity, identity(training));
    if (found != null) {
      AtomicFile.remove(place.resolve(Experiment.MODEL)); // left by a killed run
    }
    return found;
  }

  private SeedResult run(Training training, String number) throws CheckpointException {
    String seed = seeds.size() > 1 ? ", seed " + training.settings.seed() : "";
    progress.message(number + ": " + Space.words(training.values, " ", _ -> true) + seed);
    Path place = place(training);
    SeedResult result = new SeedResult(identity(training), validation(training, place));
    Json.write(place.resolve(EVALUATION), result);
    AtomicFile.remove(place.resolve(Experiment.MODEL)); // tens of megabytes that are not needed
    return result;
  }

  private Double validation(Training training, Path place) throws CheckpointException {
    Settings settings = training.settings;
    Experiment fineTune = new Experiment(backend, images, settings, place, progress);
    fineTune.setPace(pace);
    fineTune.requireReadOut();
    Path pretraining = place(PRETRAINING, training, Parameter::isOfPretraining);
    try {
      Experiment pretrain = new Experiment(backend, images, settings, pretraining, progress);
      pretrain.setPace(pace);
      return fineTune.readOut(pretrain.pretrain().model()).history().accuracy();
    } catch (DivergedException e) {
      progress.message(e.getMessage());
      return null;
    }
  }

  private Path place(String what, Training training, Predicate<Parameter> which) {
    List<String> words = new ArrayList<>(List.of(what));
    String parameters = Space.words(training.values, ",", which);
    if (!parameters.isEmpty()) {
      words.add(parameters);
    }
    words.add("seed" + training.settings.seed());
    return folder.resolve(String.join("-", words));
  }
}
