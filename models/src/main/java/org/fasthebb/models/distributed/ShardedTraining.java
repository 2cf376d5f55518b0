package org.fasthebb.models.distributed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.protocol.Head;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.Version;
import org.fasthebb.models.random.RandomStream;
import org.fasthebb.models.random.Rng;
import org.fasthebb.models.readout.FeatureForm;

/**
 * Pre-trains a network by a Hebbian rule, as one of several workers. Every step takes the same
 * number of images of each shard, in an order that is a function of seed, epoch and shard. What is
 * left of an epoch that is no whole batch is left out; it is other images in every epoch.
 *
 * <p>The result is the same bits for any number of workers, also if all of them are started again
 * from a checkpoint.
 */
public final class ShardedTraining {
  /** A step's number is sent as two floats, which hold whole numbers exactly up to this square. */
  private static final long BASE = 1 << 20;

  private static final String STEP = "step";
  private static final String WAY_OUT = "remove it, and training starts anew";

  private final ModelFile model;
  private final Backend backend;
  private final List<ShardImages> own;
  private final Merger merger;
  private final int each;
  private final long stepsPerEpoch;
  private final String identity;
  private StepCosts costs;

  /**
   * A training.
   *
   * @param model the network with its initial weights, the same at all workers
   * @param images number of images of all shards
   * @param data name and digest of the images, for the run's identity
   * @param own images of this worker's shards
   * @throws IllegalArgumentException if the shards do not fit the batch, or the images do not fill
   *     one
   */
  public ShardedTraining(
      ModelFile model, long images, String data, List<ShardImages> own, Merger merger) {
    this.model = model;
    this.own = own;
    this.merger = merger;
    backend = model.network().backend();
    int batch = model.settings().batch();
    each = merger.shards().imagesOf(batch);
    stepsPerEpoch = images / merger.shards().count() / each;
    if (stepsPerEpoch == 0) {
      throw new IllegalArgumentException(
          "there are %s images, which do not fill a batch of %s; choose a smaller batch"
              .formatted(images, batch));
    }
    String settings = model.settings().identity(data, model.seed());
    identity = Identity.of(settings + " shards=" + merger.shards().count(), backend.kernels());
  }

  /**
   * A network with random weights, and the preparation of its inputs, to start from.
   *
   * @param sample images from which the preparation is computed, all of them or enough
   * @throws IllegalArgumentException if the images do not fit the network, it has branches, or the
   *     method has no Hebbian rule
   */
  public static ModelFile untrained(
      Backend backend, PretrainSettings settings, ImageSource sample, long seed) {
    if (!settings.method().isHebbian()) {
      throw new IllegalArgumentException(
          "the rule %s does not learn from sums over images; use a Hebbian one, such as hpca"
              .formatted(settings.method()));
    }
    settings.architecture().check("the images", sample.height(), sample.width(), sample.channels());
    Network network = settings.network(backend, sample.height(), seed);
    ShardedLearner.requireOneBranch(network);
    Examples all = Examples.all(sample);
    Preprocessing inputs =
        settings.method().prepare(backend, all, settings.zcaEpsilon(), Progress.SILENT);
    settings.method().start(network, inputs, all, seed);
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("seed", Long.toString(seed));
    provenance.put("version", Version.VERSION);
    return new ModelFile(
        network,
        inputs,
        ShardImages.UNLABELLED,
        settings,
        provenance,
        new Head(Map.of(), FeatureForm.PLAIN));
  }

  /** The number of steps of the whole training. */
  public long steps() {
    return stepsPerEpoch * model.settings().epochs();
  }

  /** All that the result depends on, as text. */
  public String identity() {
    return identity;
  }

  /**
   * Takes all steps that are not in the newest checkpoint. The trained network is then that of the
   * model, at all workers.
   *
   * @param checkpoints of the first worker; others do not use theirs
   * @param every a checkpoint is kept after this many steps, and at the end
   * @throws IOException if a checkpoint cannot be read or kept, or belongs to another training
   * @throws LostWorkerException in one sentence, if another worker is lost
   */
  public void run(Checkpoints checkpoints, long every) throws IOException {
    long step = start(checkpoints);
    long first = step;
    StepCosts before = StepCosts.of(0, System.nanoTime() * 1e-9, merger);
    ShardedLearner learner = new ShardedLearner(model.network(), model.settings().eta(), merger);
    int[][] orders = new int[own.size()][];
    for (; step < steps(); step++) {
      long epoch = step / stepsPerEpoch;
      int at = Math.toIntExact(step % stepsPerEpoch) * each;
      if (at == 0 || orders[0] == null) {
        for (int i = 0; i < orders.length; i++) {
          orders[i] = order(epoch, merger.first() + i, own.get(i));
        }
      }
      try (Scope _ = backend.scope()) {
        List<Tensor> images = new ArrayList<>();
        for (int i = 0; i < orders.length; i++) {
          int[] some = Arrays.copyOfRange(orders[i], at, at + each);
          images.add(model.inputs().batch(own.get(i), some));
        }
        learner.learn(images);
      }
      long taken = step + 1;
      if (merger.first() == 0 && (taken % every == 0 || taken == steps())) {
        save(checkpoints, taken);
      }
    }
    costs = StepCosts.of(step - first, System.nanoTime() * 1e-9, merger).minus(before);
  }

  /** What the steps of {@link #run} took, by part; null before. */
  public StepCosts costs() {
    return costs;
  }

  /** The order of a shard's images in an epoch. */
  private int[] order(long epoch, int shard, ShardImages images) {
    int[] order = Examples.all(images).indices();
    long key = Rng.key(RandomStream.SHUFFLE.of(model.seed()), epoch);
    new Rng(Rng.key(key, shard)).shuffle(order);
    return order;
  }

  /** Lets all workers start from the first one's checkpoint, and returns its step. */
  private long start(Checkpoints checkpoints) throws IOException {
    long step = merger.first() == 0 ? load(checkpoints.newest()) : 0;
    long high = step / BASE;
    float[] sent = merger.broadcast(new float[] {high, step % BASE});
    step = ((long) sent[0]) * BASE + ((long) sent[1]);
    if (step > 0) {
      List<Tensor> tensors = List.copyOf(model.network().tensors().values());
      ShardedLearner.write(merger.broadcast(ShardedLearner.values(tensors)), tensors);
    }
    return step;
  }

  private long load(Path file) throws CheckpointException {
    if (file == null) {
      return 0;
    }
    try (SafeTensors saved = SafeTensors.read(file, WAY_OUT)) {
      saved.verifyChecksum();
      Identity.requireSame(file, identity, saved.metadata().get("identity"));
      for (Map.Entry<String, Tensor> entry : model.network().tensors().entrySet()) {
        entry.getValue().write(saved.finiteFloats(entry.getKey()));
      }
      return Long.parseLong(saved.metadata().get(STEP));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " is no checkpoint of this training (" + e.getMessage() + "); " + WAY_OUT, e);
    }
  }

  private void save(Checkpoints checkpoints, long step) throws IOException {
    if (checkpoints.equals(Checkpoints.NONE)) {
      return;
    }
    Path file = Files.createTempFile("fasthebb", ".safetensors");
    try {
      SafeTensorsWriter writer =
          SafeTensors.writer().metadata("identity", identity).metadata(STEP, Long.toString(step));
      model
          .network()
          .tensors()
          .forEach((name, tensor) -> writer.floats(name, tensor.shape(), finite(name, tensor)));
      writer.write(file);
      checkpoints.keep(file, step);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private float[] finite(String name, Tensor tensor) {
    float[] values = tensor.toArray();
    if (!SafeTensors.areFinite(values)) {
      throw new IllegalStateException(
          "pre-training diverged at a learning rate of %s: %s holds values that are not finite;"
                  .formatted(model.settings().eta(), name)
              + " choose a lower learning rate");
    }
    return values;
  }

  /** The trained network as a model file, with where it comes from. */
  public ModelFile trained(String data) {
    Map<String, String> provenance = new LinkedHashMap<>(model.provenance());
    provenance.put("identity", identity);
    provenance.put("data", data);
    return new ModelFile(
        model.network(),
        model.inputs(),
        model.classNames(),
        model.settings(),
        provenance,
        model.head());
  }

  /** Checks that the trained network has no values that are not finite. */
  public void requireFinite() {
    model.network().tensors().forEach(this::finite);
  }
}
