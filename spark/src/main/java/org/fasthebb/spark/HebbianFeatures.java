package org.fasthebb.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.PretrainSettings;

/**
 * Pre-trains a network by a Hebbian rule on the images of a column, without labels.
 *
 * <pre>{@code
 * Dataset<Row> photos = spark.read().format("binaryFile").load("hdfs:///photos/*.jpg");
 * HebbianFeaturesModel model = new HebbianFeatures().setRule("hpca").setWorkers(4).fit(photos);
 * model.transform(photos).select("path", "features").write().parquet("hdfs:///features");
 * }</pre>
 *
 * <p>Executors train together, in one barrier stage. What they learn depends on the images, the
 * settings, the number of shards and the kernels, but not on the number of workers, nor on how the
 * data are partitioned, nor on executors that were lost: the stage is then run again, from the last
 * checkpoint if there is a folder for them. Parameters are named as the options of the command
 * {@code pretrain}; 0 stands for the usual value.
 *
 * <p>Dynamic allocation of executors must be off, since barrier stages refuse it.
 */
public final class HebbianFeatures extends Estimator<HebbianFeaturesModel>
    implements ImageColumns<HebbianFeatures>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;

  /** An estimator with the usual values. */
  public HebbianFeatures() {
    this(Identifiable$.MODULE$.randomUID("hebbianFeatures"));
  }

  /** An estimator with a given identifier, as Spark makes it when it reads one. */
  public HebbianFeatures(String uid) {
    this.uid = uid;
    setColumnDefaults();
    setDefault(rule(), "hpca");
    setDefault(architecture(), "");
    setDefault(side(), 0);
    setDefault(eta(), 0.0);
    setDefault(temperature(), 0.0);
    setDefault(winners(), 0);
    setDefault(zcaEpsilon(), 0.0);
    setDefault(epochs(), 0);
    setDefault(batch(), 0);
    setDefault(seed(), 0L);
    setDefault(shards(), 8);
    setDefault(workers(), 0);
    setDefault(threads(), 0);
    setDefault(sampleImages(), 10_000);
    setDefault(timeout(), 120);
    setDefault(checkpointDir(), "");
    setDefault(checkpointEvery(), 100);
  }

  @Override
  public HebbianFeaturesModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    try {
      TrainingTask.Outcome outcome = new Pretrainer(this, settings()).run(dataset);
      logInfo(outcome::costs);
      HebbianFeaturesModel model = new HebbianFeaturesModel(uid, outcome.model());
      return copyValues(model, paramMap()).setParent(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("training was interrupted", e);
    }
  }

  /** How long workers wait for each other. */
  Duration patience() {
    return Duration.ofSeconds(whole(timeout()).intValue());
  }

  /** The settings of pre-training that the parameters ask for. */
  PretrainSettings settings() {
    Method method =
        Method.named(getOrDefault(rule()))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no rule %s; use one of %s"
                        .formatted(getOrDefault(rule()), Method.names())));
    String named = getOrDefault(architecture());
    Architecture network =
        Architecture.named(named.isEmpty() ? method.architecture() : named)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no architecture %s; use one of %s"
                        .formatted(named, Architecture.names())));
    PretrainSettings usual = PretrainSettings.of(method, network);
    return new PretrainSettings(
        method,
        false,
        network,
        orUsual(zcaEpsilon(), usual.zcaEpsilon()).doubleValue(),
        usual.vaeLoss(),
        orUsual(eta(), usual.eta()).floatValue(),
        orUsual(temperature(), usual.temperature()).floatValue(),
        orUsual(winners(), usual.winners()).intValue(),
        orUsual(epochs(), usual.epochs()).intValue(),
        orUsual(batch(), usual.batch()).intValue());
  }

  private Number orUsual(Param<?> param, Number usual) {
    Number value = (Number) getOrDefault(param);
    return value.doubleValue() == 0 ? usual : value;
  }

  /** The value of a parameter that is a whole number. */
  Number whole(Param<Object> param) {
    return (Number) getOrDefault(param);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return withFeatures(schema);
  }

  @Override
  public HebbianFeatures copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads an estimator that was saved. */
  public static HebbianFeatures load(String path) {
    return read().load(path);
  }

  /** A reader of saved estimators. */
  public static MLReader<HebbianFeatures> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  public String uid() {
    return uid;
  }

  /** How the network learns. */
  public Param<String> rule() {
    return new Param<>(this, "rule", "how the network learns: a Hebbian rule, such as hpca");
  }

  /** Sets how the network learns: a Hebbian rule, such as swta or hpca. */
  public HebbianFeatures setRule(String value) {
    set(rule(), value);
    return this;
  }

  /** The network. */
  public Param<String> architecture() {
    return new Param<>(this, "architecture", "network; empty for the rule's own");
  }

  /** Sets the network; empty for the rule's own. */
  public HebbianFeatures setArchitecture(String value) {
    set(architecture(), value);
    return this;
  }

  /** Height and width of images. */
  public IntParam side() {
    return new IntParam(this, "side", "height and width that images are resized to");
  }

  /** Sets height and width that images are resized to; 0 for the network's own. */
  public HebbianFeatures setSide(int value) {
    set(side(), value);
    return this;
  }

  /** Learning rate. */
  public DoubleParam eta() {
    return new DoubleParam(this, "eta", "learning rate");
  }

  /** Sets the learning rate. */
  public HebbianFeatures setEta(double value) {
    set(eta(), value);
    return this;
  }

  /** Temperature of a soft competition. */
  public DoubleParam temperature() {
    return new DoubleParam(this, "temperature", "of a soft competition");
  }

  /** Sets the temperature of a soft competition. */
  public HebbianFeatures setTemperature(double value) {
    set(temperature(), value);
    return this;
  }

  /** Neurons that win a patch. */
  public IntParam winners() {
    return new IntParam(this, "winners", "number of neurons that win a patch");
  }

  /** Sets how many neurons win a patch. */
  public HebbianFeatures setWinners(int value) {
    set(winners(), value);
    return this;
  }

  /** Added to eigenvalues by whitening. */
  public DoubleParam zcaEpsilon() {
    return new DoubleParam(this, "zcaEpsilon", "added to eigenvalues by whitening");
  }

  /** Sets what whitening adds to eigenvalues. */
  public HebbianFeatures setZcaEpsilon(double value) {
    set(zcaEpsilon(), value);
    return this;
  }

  /** Passes over the images. */
  public IntParam epochs() {
    return new IntParam(this, "epochs", "passes over the images");
  }

  /** Sets the number of passes over the images. */
  public HebbianFeatures setEpochs(int value) {
    set(epochs(), value);
    return this;
  }

  /** Images per step. */
  public IntParam batch() {
    return new IntParam(this, "batch", "images per step, a multiple of shards");
  }

  /** Sets the number of images per step, a multiple of shards. */
  public HebbianFeatures setBatch(int value) {
    set(batch(), value);
    return this;
  }

  /** Seed of everything random. */
  public LongParam seed() {
    return new LongParam(this, "seed", "of everything random");
  }

  /** Sets the seed of everything random. */
  public HebbianFeatures setSeed(long value) {
    set(seed(), value);
    return this;
  }

  /** Parts of a batch. */
  public IntParam shards() {
    return new IntParam(
        this,
        "shards",
        "parts of a batch, a power of two; part of what the result's bits depend on");
  }

  /** Sets the number of parts of a batch, a power of two; another number gives other bits. */
  public HebbianFeatures setShards(int value) {
    set(shards(), value);
    return this;
  }

  /** Tasks that train together. */
  public IntParam workers() {
    return new IntParam(this, "workers", "tasks that train together, at most as many as shards");
  }

  /** Sets how many tasks train together; 0 for one per executor. */
  public HebbianFeatures setWorkers(int value) {
    set(workers(), value);
    return this;
  }

  /** Threads of a worker. */
  public IntParam threads() {
    return new IntParam(this, "threads", "threads of a worker; usually spark.task.cpus");
  }

  /** Sets the number of threads of a worker; 0 for spark.task.cpus. */
  public HebbianFeatures setThreads(int value) {
    set(threads(), value);
    return this;
  }

  /** Images that the preparation is computed from. */
  public IntParam sampleImages() {
    return new IntParam(
        this, "sampleImages", "images from which channel statistics and whitening are computed");
  }

  /** Sets from how many images channel statistics and whitening are computed. */
  public HebbianFeatures setSampleImages(int value) {
    set(sampleImages(), value);
    return this;
  }

  /** Seconds that workers wait for each other. */
  public IntParam timeout() {
    return new IntParam(this, "timeout", "seconds that workers wait for each other");
  }

  /** Sets how many seconds workers wait for each other. */
  public HebbianFeatures setTimeout(int value) {
    set(timeout(), value);
    return this;
  }

  /** Folder of checkpoints. */
  public Param<String> checkpointDir() {
    return new Param<>(this, "checkpointDir", "folder that keeps checkpoints, such as hdfs:///run");
  }

  /** Sets the folder that keeps checkpoints; empty for none. */
  public HebbianFeatures setCheckpointDir(String value) {
    set(checkpointDir(), value);
    return this;
  }

  /** Steps between checkpoints. */
  public IntParam checkpointEvery() {
    return new IntParam(this, "checkpointEvery", "steps between checkpoints");
  }

  /** Sets the number of steps between checkpoints. */
  public HebbianFeatures setCheckpointEvery(int value) {
    set(checkpointEvery(), value);
    return this;
  }
}
