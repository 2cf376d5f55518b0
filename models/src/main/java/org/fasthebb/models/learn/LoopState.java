package org.fasthebb.models.learn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;

/** The state of a {@link TrainingLoop}: all that a killed run needs to resume. */
final class LoopState {
  private static final String BEST = "best.";

  private final String identity;
  private final Map<String, Tensor> tensors;
  private final Map<String, Tensor> model;
  private final Criterion criterion;
  private final Map<String, float[]> best = new LinkedHashMap<>();
  int epoch;
  int image;
  long step;
  double lossSum;
  int bestEpoch;
  double bestValidation = -1;
  double seconds;
  List<Double> validations = new ArrayList<>();
  List<Double> losses = new ArrayList<>();

  /**
   * The state before the first step.
   *
   * @param identity of the run
   * @param tensors all that training changes
   * @param model those of them that are kept of the best epoch
   * @param criterion what validation measures
   */
  LoopState(
      String identity,
      Map<String, Tensor> tensors,
      Map<String, Tensor> model,
      Criterion criterion) {
    this.identity = identity;
    this.tensors = tensors;
    this.model = model;
    this.criterion = criterion;
  }

  /** Ends an epoch and keeps its weights if they are strictly better than the best so far. */
  void endEpoch(double loss, double validation) {
    epoch++;
    image = 0;
    losses.add(loss);
    validations.add(validation);
    if (bestEpoch == 0 || criterion.isBetter(validation, bestValidation)) {
      bestValidation = validation;
      bestEpoch = epoch;
      model.forEach((name, tensor) -> best.put(name, tensor.toArray()));
    }
  }

  void restoreBest() {
    best.forEach((name, values) -> model.get(name).write(values));
  }

  void save(Path file) throws CheckpointException {
    SafeTensorsWriter writer =
        SafeTensors.writer()
            .metadata("identity", identity)
            .metadata("epoch", Integer.toString(epoch))
            .metadata("image", Integer.toString(image))
            .metadata("step", Long.toString(step))
            .metadata("loss_sum", Double.toString(lossSum))
            .metadata("best_epoch", Integer.toString(bestEpoch))
            .metadata("best_validation", Double.toString(bestValidation))
            .metadata("seconds", Double.toString(seconds))
            .metadata("validations", join(validations))
            .metadata("losses", join(losses));
    tensors.forEach((name, tensor) -> writer.floats(name, tensor.shape(), tensor.toArray()));
    best.forEach((name, values) -> writer.floats(BEST + name, model.get(name).shape(), values));
    writer.write(file);
  }

  void load(Path file) throws CheckpointException {
    String wayOut = "remove it and run again, and this phase starts anew";
    try (SafeTensors saved = SafeTensors.read(file, wayOut)) {
      saved.verifyChecksum();
      Map<String, String> metadata = saved.metadata();
      Identity.requireSame(file, identity, metadata.get("identity"));
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        entry.getValue().write(saved.finiteFloats(entry.getKey()));
      }
      for (Map.Entry<String, Tensor> entry : model.entrySet()) {
        if (saved.names().contains(BEST + entry.getKey())) {
          float[] values = saved.finiteFloats(BEST + entry.getKey());
          require(
              values.length == entry.getValue().size(), BEST + entry.getKey() + " is too short");
          best.put(entry.getKey(), values);
        }
      }
      epoch = Integer.parseInt(metadata.get("epoch"));
      image = Integer.parseInt(metadata.get("image"));
      step = Long.parseLong(metadata.get("step"));
      lossSum = Double.parseDouble(metadata.get("loss_sum"));
      bestEpoch = Integer.parseInt(metadata.get("best_epoch"));
      bestValidation = Double.parseDouble(metadata.get("best_validation"));
      seconds = Double.parseDouble(metadata.get("seconds"));
      validations = split(metadata.get("validations"));
      losses = split(metadata.get("losses"));
      require(image >= 0 && step >= 0 && epoch >= 0 && bestEpoch <= epoch, "counts do not fit");
      require(validations.size() == epoch && losses.size() == epoch, "epochs are missing");
    } catch (IllegalArgumentException | NullPointerException e) { // of parsing what is not there
      throw new CheckpointException(
          file + " is no state of this training (" + e.getMessage() + "); " + wayOut, e);
    }
  }

  private static void require(boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static String join(List<Double> values) {
    return values.stream().map(v -> Double.toString(v)).collect(Collectors.joining(" "));
  }

  private static List<Double> split(String text) {
    return Stream.of(text.split(" "))
        .filter(word -> !word.isEmpty())
        .map(Double::valueOf)
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
