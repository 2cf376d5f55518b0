package org.fasthebb.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    implements ImageColumns, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> outputType;
  private final Param<String> handleInvalid;
  private final Param<String> rule;
  private final Param<String> architecture;
  private final IntParam side;
  private final DoubleParam eta;
  private final DoubleParam temperature;
  private final IntParam winners;
  private final DoubleParam zcaEpsilon;
  private final IntParam epochs;
  private final IntParam batch;
  private final LongParam seed;
  private final IntParam shards;
  private final IntParam workers;
  private final IntParam threads;
  private final IntParam sampleImages;
  private final IntParam timeout;
  private final Param<String> checkpointDir;
  private final IntParam checkpointEvery;

  /** An estimator with the usual values. */
  public HebbianFeatures() {
    this(Identifiable$.MODULE$.randomUID("hebbianFeatures"));
  }

  /** An estimator with a given identifier, as Spark makes it when it reads one. */
  public HebbianFeatures(String uid) {
    this.uid = uid;
    inputCol = ImageColumns.newInputCol(this);
    outputCol = ImageColumns.newOutputCol(this);
    outputType = ImageColumns.newOutputType(this);
    handleInvalid = ImageColumns.newHandleInvalid(this);
    rule = new Param<>(this, "rule", "how the network learns: a Hebbian rule, such as hpca");
    architecture = new Param<>(this, "architecture", "network; empty for the rule's own");
    side = new IntParam(this, "side", "height and width that images are resized to");
    eta = new DoubleParam(this, "eta", "learning rate");
    temperature = new DoubleParam(this, "temperature", "of a soft competition");
    winners = new IntParam(this, "winners", "number of neurons that win a patch");
    zcaEpsilon = new DoubleParam(this, "zcaEpsilon", "added to eigenvalues by whitening");
    epochs = new IntParam(this, "epochs", "passes over the images");
    batch = new IntParam(this, "batch", "images per step, a multiple of shards");
    seed = new LongParam(this, "seed", "of everything random");
    shards =
        new IntParam(
            this,
            "shards",
            "parts of a batch, a power of two; part of what the result's bits depend on");
    workers = new IntParam(this, "workers", "tasks that train together, at most as many as shards");
    threads = new IntParam(this, "threads", "threads of a worker; usually spark.task.cpus");
    sampleImages =
        new IntParam(
            this,
            "sampleImages",
            "images from which channel statistics and whitening are computed");
    timeout = new IntParam(this, "timeout", "seconds that workers wait for each other");
    checkpointDir =
        new Param<>(this, "checkpointDir", "folder that keeps checkpoints, such as hdfs:///run");
    checkpointEvery = new IntParam(this, "checkpointEvery", "steps between checkpoints");
    setColumnDefaults();
    setDefault(rule, "hpca");
    setDefault(architecture, "");
    setDefault(side, 0);
    setDefault(eta, 0.0);
    setDefault(temperature, 0.0);
    setDefault(winners, 0);
    setDefault(zcaEpsilon, 0.0);
    setDefault(epochs, 0);
    setDefault(batch, 0);
    setDefault(seed, 0L);
    setDefault(shards, 8);
    setDefault(workers, 0);
    setDefault(threads, 0);
    setDefault(sampleImages, 10_000);
    setDefault(timeout, 120);
    setDefault(checkpointDir, "");
    setDefault(checkpointEvery, 100);
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
    }
  }

  /** The settings of pre-training that the parameters ask for. */
  PretrainSettings settings() {
    Method method =
        Method.named(getOrDefault(rule))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "there is no rule %s; use one of %s"
                        .formatted(getOrDefault(rule), Method.names())));
    String named = getOrDefault(architecture);
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
        orUsual(zcaEpsilon, usual.zcaEpsilon()).doubleValue(),
        usual.vaeLoss(),
        orUsual(eta, usual.eta()).floatValue(),
        orUsual(temperature, usual.temperature()).floatValue(),
        orUsual(winners, usual.winners()).intValue(),
        orUsual(epochs, usual.epochs()).intValue(),
        orUsual(batch, usual.batch()).intValue());
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

  @Override
  public Param<String> inputCol() {
    return inputCol;
  }

  @Override
  public Param<String> outputCol() {
    return outputCol;
  }

  @Override
  public Param<String> outputType() {
    return outputType;
  }

  @Override
  public Param<String> handleInvalid() {
    return handleInvalid;
  }

  /** Sets the column with the bytes of image files. */
  public HebbianFeatures setInputCol(String value) {
    set(inputCol, value);
    return this;
  }

  /** Sets the name of the new column. */
  public HebbianFeatures setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  /** Sets the type of the new column: array or vector. */
  public HebbianFeatures setOutputType(String value) {
    set(outputType, value);
    return this;
  }

  /** Sets what happens to images that cannot be read: error, skip or keep. */
  public HebbianFeatures setHandleInvalid(String value) {
    set(handleInvalid, value);
    return this;
  }

  /** How the network learns. */
  public Param<String> rule() {
    return rule;
  }

  /** Sets how the network learns: a Hebbian rule, such as swta or hpca. */
  public HebbianFeatures setRule(String value) {
    set(rule, value);
    return this;
  }

  /** The network. */
  public Param<String> architecture() {
    return architecture;
  }

  /** Sets the network; empty for the rule's own. */
  public HebbianFeatures setArchitecture(String value) {
    set(architecture, value);
    return this;
  }

  /** Height and width of images. */
  public IntParam side() {
    return side;
  }

  /** Sets height and width that images are resized to; 0 for the network's own. */
  public HebbianFeatures setSide(int value) {
    set(side, value);
    return this;
  }

  /** Learning rate. */
  public DoubleParam eta() {
    return eta;
  }

  /** Sets the learning rate. */
  public HebbianFeatures setEta(double value) {
    set(eta, value);
    return this;
  }

  /** Temperature of a soft competition. */
  public DoubleParam temperature() {
    return temperature;
  }

  /** Sets the temperature of a soft competition. */
  public HebbianFeatures setTemperature(double value) {
    set(temperature, value);
    return this;
  }

  /** Neurons that win a patch. */
  public IntParam winners() {
    return winners;
  }

  /** Sets how many neurons win a patch. */
  public HebbianFeatures setWinners(int value) {
    set(winners, value);
    return this;
  }

  /** Added to eigenvalues by whitening. */
  public DoubleParam zcaEpsilon() {
    return zcaEpsilon;
  }

  /** Sets what whitening adds to eigenvalues. */
  public HebbianFeatures setZcaEpsilon(double value) {
    set(zcaEpsilon, value);
    return this;
  }

  /** Passes over the images. */
  public IntParam epochs() {
    return epochs;
  }

  /** Sets the number of passes over the images. */
  public HebbianFeatures setEpochs(int value) {
    set(epochs, value);
    return this;
  }

  /** Images per step. */
  public IntParam batch() {
    return batch;
  }

  /** Sets the number of images per step, a multiple of shards. */
  public HebbianFeatures setBatch(int value) {
    set(batch, value);
    return this;
  }

  /** Seed of everything random. */
  public LongParam seed() {
    return seed;
  }

  /** Sets the seed of everything random. */
  public HebbianFeatures setSeed(long value) {
    set(seed, value);
    return this;
  }

  /** Parts of a batch. */
  public IntParam shards() {
    return shards;
  }

  /** Sets the number of parts of a batch, a power of two; another number gives other bits. */
  public HebbianFeatures setShards(int value) {
    set(shards, value);
    return this;
  }

  /** Tasks that train together. */
  public IntParam workers() {
    return workers;
  }

  /** Sets how many tasks train together; 0 for one per executor. */
  public HebbianFeatures setWorkers(int value) {
    set(workers, value);
    return this;
  }

  /** Threads of a worker. */
  public IntParam threads() {
    return threads;
  }

  /** Sets the number of threads of a worker; 0 for spark.task.cpus. */
  public HebbianFeatures setThreads(int value) {
    set(threads, value);
    return this;
  }

  /** Images that the preparation is computed from. */
  public IntParam sampleImages() {
    return sampleImages;
  }

  /** Sets from how many images channel statistics and whitening are computed. */
  public HebbianFeatures setSampleImages(int value) {
    set(sampleImages, value);
    return this;
  }

  /** Seconds that workers wait for each other. */
  public IntParam timeout() {
    return timeout;
  }

  /** Sets how many seconds workers wait for each other. */
  public HebbianFeatures setTimeout(int value) {
    set(timeout, value);
    return this;
  }

  /** Folder of checkpoints. */
  public Param<String> checkpointDir() {
    return checkpointDir;
  }

  /** Sets the folder that keeps checkpoints; empty for none. */
  public HebbianFeatures setCheckpointDir(String value) {
    set(checkpointDir, value);
    return this;
  }

  /** Steps between checkpoints. */
  public IntParam checkpointEvery() {
    return checkpointEvery;
  }

  /** Sets the number of steps between checkpoints. */
  public HebbianFeatures setCheckpointEvery(int value) {
    set(checkpointEvery, value);
    return this;
  }
}
