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

  private static final String EVALUATION = "evaluation.json";

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

  @Override
  public double at(List<Integer> point) throws CheckpointException {
    Map<Parameter, BigDecimal> values = space.at(point);
    double sum = 0;
    for (long seed : seeds) {
      Double validation = evaluation(values, seed).validation;
      if (validation == null) {
        sum = Double.NaN;
        break; // a point is not usable if one seed diverges
      }
      sum += validation;
    }
    double mean = sum / seeds.size();
    done.add(new Trial(point, mean));
    AtomicFile.writeString(folder.resolve(TABLE), SearchTable.of(space, done).csv());
    return mean;
  }

  private SeedResult evaluation(Map<Parameter, BigDecimal> values, long seed)
      throws CheckpointException {
    Settings settings = settingsAt.of(values, seed);
    String dataIdentity = images.name() + "/" + images.fingerprint();
    String identity = Identity.of(settings.identity(dataIdentity), backend.kernels());
    Path place = place("point", values, seed, _ -> true);
    Path file = place.resolve(EVALUATION);
    SeedResult found = Done.find(file, SeedResult.class, SeedResult::identity, identity);
    if (found != null) {
      AtomicFile.remove(place.resolve(Experiment.MODEL)); // left by a killed run
      return found;
    }
    progress.message(
        "trial "
            + (done.size() + 1)
            + ": "
            + Space.words(values, " ", _ -> true)
            + (seeds.size() > 1 ? ", seed " + seed : ""));
    SeedResult evaluation = new SeedResult(identity, validation(values, settings, place));
    Json.write(file, evaluation);
    AtomicFile.remove(place.resolve(Experiment.MODEL)); // tens of megabytes that are not needed
    return evaluation;
  }

  private Double validation(Map<Parameter, BigDecimal> values, Settings settings, Path place)
      throws CheckpointException {
    Experiment fineTune = new Experiment(backend, images, settings, place, progress);
    fineTune.setPace(pace);
    fineTune.requireReadOut();
    Path pretraining = place("pretraining", values, settings.seed(), Parameter::isOfPretraining);
    try {
      Experiment pretrain = new Experiment(backend, images, settings, pretraining, progress);
      pretrain.setPace(pace);
      return fineTune.readOut(pretrain.pretrain().model()).history().accuracy();
    } catch (DivergedException e) {
      progress.message(e.getMessage());
      return null;
    }
  }

  private Path place(
      String what, Map<Parameter, BigDecimal> values, long seed, Predicate<Parameter> which) {
    List<String> words = new ArrayList<>(List.of(what));
    String parameters = Space.words(values, ",", which);
    if (!parameters.isEmpty()) {
      words.add(parameters);
    }
    words.add("seed" + seed);
    return folder.resolve(String.join("-", words));
  }
}
