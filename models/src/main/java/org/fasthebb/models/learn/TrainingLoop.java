package org.fasthebb.models.learn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.fasthebb.engine.Scope;
import org.fasthebb.models.inputs.Batches;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.random.RandomStream;
import org.fasthebb.models.random.Rng;

/**
 * Trains a {@link Learner} for some epochs of shuffled batches and validates after each. At the end
 * the learner has the weights of the best epoch, or of the last one if nothing is validated.
 *
 * <p>The state is saved from time to time, between two steps. Everything random is a function of
 * seed, epoch and step, so a killed run resumes from its last save and ends with the same bits.
 */
public final class TrainingLoop {
  /**
   * The smallest last batch. A single image has no variance for batch norm; it joins the batch
   * before.
   */
  private static final int LEAST = 2;

  /**
   * How long and how to train.
   *
   * @param phase for progress, such as pretrain
   * @param epochs at least 0
   * @param batch images per step; the last step of an epoch takes the rest
   * @param seed of the order of images
   */
  public record Plan(String phase, int epochs, int batch, long seed) {}

  /** No loss per image of a network that learns is as large. */
  private static final double LARGEST_LOSS = 1e9;

  /** A smaller part of the time that was spent on waiting for images is not reported. */
  private static final double NOTABLE_SHARE = 0.02;

  /** Less is not reported either, since every epoch waits for its first batch. */
  private static final double NOTABLE_SECONDS = 1;

  private final Learner learner;
  private final InputSource inputs;
  private final DataLoader training;
  private final DataLoader validation;
  private final Stepper stepper;
  private final Plan plan;
  private final Criterion criterion;
  private final Progress progress;
  private final LoopState state;
  private final Path file;
  private final SavePace pace;
  private double unsaved;
  private double lastSave;

  /** Seconds of training in this process, and how many of them went by waiting for images. */
  private double trained;

  private double waited;

  /**
   * A loop; {@link #run} trains.
   *
   * @param file where the state is saved; if it exists, the loop resumes from it
   * @param identity settings and data of the run; a state with another identity is refused
   * @param pace how often the state is saved
   */
  public TrainingLoop(
      Learner learner,
      InputSource inputs,
      Examples training,
      Examples validation,
      Plan plan,
      Path file,
      String identity,
      SavePace pace,
      Progress progress) {
    if (training.size() < 2) {
      throw new IllegalArgumentException(
          "training needs at least 2 images, but there is " + training.size());
    }
    this.learner = learner;
    this.inputs = inputs;
    // A GPU keeps its inputs for one epoch, too, which it would else spend waiting for the host.
    boolean again = plan.epochs() > 1 || inputs.backend().isRemote();
    this.training = again ? DataLoader.kept(inputs, training) : DataLoader.once(inputs, training);
    this.validation =
        again ? DataLoader.kept(inputs, validation) : DataLoader.once(inputs, validation);
    stepper =
        new Stepper(
            inputs.backend(),
            learner,
            training.set().classes(),
            inputs.shape(training.set(), Math.min(plan.batch(), training.size())));
    this.plan = plan;
    this.file = file;
    this.pace = pace;
    this.progress = progress;
    criterion = validation.size() == 0 ? Criterion.NONE : learner.criterion();
    state = new LoopState(identity, learner.tensors(), learner.model(), criterion);
  }

  /**
   * Trains, or resumes training, and leaves the best epoch's weights in the learner.
   *
   * @throws DivergedException if weights or scores are no longer finite, or the loss is too large
   */
  public History run() throws CheckpointException {
    if (Files.exists(file)) {
      state.load(file);
      stepper.setLossSum(state.lossSum);
      progress.message(
          "resuming %s at epoch %s, after %s of its %s images"
              .formatted(plan.phase(), state.epoch + 1, state.image, training.size()));
      progress.saved();
    }
    try (stepper) {
      while (state.epoch < plan.epochs()) {
        epoch();
      }
    }
    if (plan.epochs() > 0) {
      state.restoreBest();
    }
    if (waitedShare() > NOTABLE_SHARE && waited > NOTABLE_SECONDS) {
      progress.message(
          String.format(
              Locale.ROOT,
              "%s waited %.1f %% of the time for images",
              plan.phase(),
              100 * waitedShare()));
    }
    boolean accuracy = criterion == Criterion.ACCURACY;
    boolean loss = criterion == Criterion.LOSS;
    return new History(
        plan.epochs(),
        state.bestEpoch,
        accuracy ? state.bestValidation : null,
        accuracy ? state.validations : List.of(),
        loss ? state.validations : List.of(),
        state.losses,
        state.seconds);
  }

  /** The part of the time of {@link #run}, 0 to 1, in which no step ran for lack of images. */
  public double waitedShare() {
    return trained == 0 ? 0 : waited / trained;
  }

  private void epoch() throws CheckpointException {
    training.shuffle(new Rng(Rng.key(RandomStream.SHUFFLE.of(plan.seed()), state.epoch)));
    stepper.startEpoch(state.epoch);
    long before = (long) state.epoch * training.size();
    long total = (long) plan.epochs() * training.size();
    long start = System.nanoTime();
    try (Batches batches = training.batches(state.image, plan.batch(), LEAST)) {
      while (batches.next()) {
        stepper.step(batches.labels(), batches::into, state.step);
        state.image = batches.to();
        state.step++;
        progress.step(plan.phase(), state.epoch + 1, plan.epochs(), before + batches.to(), total);
        if (batches.to() == training.size()) {
          finishEpoch();
        }
        spent(start);
        start = System.nanoTime();
      }
      waited += batches.secondsWaited();
    }
  }

  private void finishEpoch() {
    checkFinite();
    double loss = stepper.lossSum() / training.size();
    stepper.setLossSum(0); // for the next epoch; a save at the end of this one must hold 0 too
    stepper.close(); // frees memory for validation
    if (!(loss < LARGEST_LOSS)) { // NaN too
      throw diverged("the loss is " + (float) loss);
    }
    double value = criterion == Criterion.NONE ? 0 : learner.validate(validation);
    if (!Double.isFinite(value)) {
      throw diverged("the outputs of the network are too large for numbers");
    }
    state.endEpoch(loss, value);
    progress.epoch(plan.phase(), state.epoch, plan.epochs(), loss, criterion, value);
  }

  /** Stops before a network that has diverged is saved. */
  private void checkFinite() {
    try (Scope _ = inputs.backend().scope()) {
      learner
          .tensors()
          .forEach((name, tensor) -> {
            if (!Float.isFinite(tensor.sum().item())) {
              throw diverged(name + " holds values that are not finite");
            }
          });
    }
  }

  private DivergedException diverged(String sign) {
    return new DivergedException(
        "%s diverged in epoch %s at a learning rate of %s: %s; choose a lower learning rate"
            .formatted(plan.phase(), state.epoch + 1, learner.rate(state.epoch), sign));
  }

  private void spent(long start) throws CheckpointException {
    double seconds = (System.nanoTime() - start) * 1e-9;
    state.seconds += seconds;
    trained += seconds;
    unsaved += seconds;
    if (pace.isDue(unsaved, lastSave)) {
      save();
    }
  }

  private void save() throws CheckpointException {
    long start = System.nanoTime();
    checkFinite();
    state.lossSum = stepper.lossSum();
    state.save(file);
    lastSave = (System.nanoTime() - start) * 1e-9;
    unsaved = 0;
    progress.saved();
  }
}
