package org.fasthebb.spark;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.distributed.ShardImages;
import org.fasthebb.models.distributed.ShardedTraining;
import org.fasthebb.models.distributed.Shards;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.PretrainSettings;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The driver's part of pre-training: decodes images on the executors, deals them to shards in the
 * order of their digests, and starts the workers.
 *
 * <p>The workers are a barrier stage. It is followed by a shuffle, so that Spark runs it again
 * where one of them is lost; a barrier stage that ends a job would end it with its first failure.
 */
final class Pretrainer {
  private static final int SECRET_BYTES = 32;

  private final HebbianFeatures how;
  private final PretrainSettings settings;
  private final Shards shards;
  private final int side;

  /** The driver's kernels, which are to be those of the workers. */
  private String kernels;

  Pretrainer(HebbianFeatures how, PretrainSettings settings) {
    this.how = how;
    this.settings = settings;
    shards = new Shards(how.whole(how.shards()).intValue());
    shards.imagesOf(settings.batch());
    int asked = how.whole(how.side()).intValue();
    side = asked == 0 ? settings.architecture().side() : asked;
  }

  /** Trains, and returns how that ended. */
  TrainingTask.Outcome run(Dataset<?> dataset) throws IOException, InterruptedException {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    int workers = workers(context);
    shards.first(0, workers); // refuses too many
    LongAccumulator unread = context.sc().longAccumulator("images that cannot be read");
    int column = dataset.schema().fieldIndex(how.getOrDefault(how.inputCol()));
    boolean stops = how.getOrDefault(how.handleInvalid()).equals(ImageColumns.ERROR);
    int pixels = side;
    JavaRDD<DigestedImage> decoded =
        dataset
            .toDF()
            .javaRDD()
            .flatMap(row -> decode(row, column, pixels, stops, unread))
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    try {
      long count = decoded.count();
      long left = unread.value();
      if (left > 0) {
        how.logWarning(() -> left + " images cannot be read and are left out");
      }
      int parts = Math.max(1, decoded.getNumPartitions());
      JavaPairRDD<DigestedImage, Long> ordered =
          decoded.sortBy(DigestedImage::digest, true, parts).zipWithIndex();
      String data = "spark-" + count + "-" + Long.toHexString(fingerprint(decoded));
      Broadcast<byte[]> start = context.broadcast(untrained(ordered, count));
      return train(ordered, start, count, data, workers);
    } finally {
      decoded.unpersist();
    }
  }

  private int workers(JavaSparkContext context) {
    int asked = how.whole(how.workers()).intValue();
    // The list holds the driver, which is the only executor of a local master.
    int executors = context.statusTracker().getExecutorInfos().length - 1;
    return asked > 0 ? asked : Math.clamp(executors, 1, shards.count());
  }

  private static Iterator<DigestedImage> decode(
      Row row, int column, int side, boolean stops, LongAccumulator unread) {
    try {
      if (row.isNullAt(column)) {
        throw new IOException("it is null");
      }
      byte[] pixels = ImageDecoder.square(row.getAs(column), side, Orientation.UPRIGHT);
      return List.of(DigestedImage.of(pixels)).iterator();
    } catch (IOException e) {
      if (stops) {
        throw DigestedImage.invalid(row, column, e);
      }
      unread.add(1);
      return List.<DigestedImage>of().iterator();
    }
  }

  /** A number that tells these images from others; a sum of whole numbers, in whatever order. */
  private static long fingerprint(JavaRDD<DigestedImage> decoded) {
    return decoded
        .map(image -> Long.parseUnsignedLong(image.digest().substring(0, 16), 16))
        .fold(0L, Long::sum);
  }

  /** The network to start from, its inputs prepared by the first images of the order. */
  private byte[] untrained(JavaPairRDD<DigestedImage, Long> ordered, long count)
      throws IOException {
    long most = how.whole(how.sampleImages()).intValue();
    List<byte[]> sample = new ArrayList<>();
    ordered
        .filter(entry -> entry._2() < most)
        .collect()
        .forEach(entry -> sample.add(entry._1().pixels()));
    if (count == 0) {
      throw new IllegalArgumentException("there are no images to learn from");
    }
    try (Backend cpu = Backend.cpu();
        LocalFolder local = new LocalFolder()) {
      kernels = cpu.kernels();
      ShardImages images = new ShardImages(side, Architecture.CHANNELS, sample);
      long seed = how.whole(how.seed()).longValue();
      return local.bytes(ShardedTraining.untrained(cpu, settings, images, seed));
    }
  }

  /** Trains with all workers; with those that are left where others do not come back. */
  private TrainingTask.Outcome train(
      JavaPairRDD<DigestedImage, Long> ordered,
      Broadcast<byte[]> start,
      long count,
      String data,
      int workers)
      throws InterruptedException {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    SerializableConfiguration files =
        new SerializableConfiguration(ordered.context().hadoopConfiguration());
    TrainingTask task =
        new TrainingTask(how, start, count, data, new TrainingTask.Trust(secret, kernels), files);
    JavaPairRDD<Long, byte[]> numbered =
        ordered.mapToPair(entry -> new Tuple2<>(entry._2(), entry._1().pixels()));
    ClassTag<TrainingTask.Outcome> tag = ClassTag$.MODULE$.apply(TrainingTask.Outcome.class);
    Slots slots = new Slots(how, ordered.context());
    TrainingTask.Outcome outcome = null;
    for (int present = workers; outcome == null; ) {
      present = slots.upTo(present);
      RDD<TrainingTask.Outcome> trained =
          numbered
              .partitionBy(new ByShard(shards.count(), present))
              .rdd()
              .barrier()
              .mapPartitions(task, false, tag);
      var job = new JavaRDD<>(trained, tag).coalesce(1, true).collectAsync();
      outcome = outcome(job, slots, present);
    }
    if (outcome.refusal() != null) {
      throw new IllegalArgumentException(outcome.refusal());
    }
    return outcome;
  }

  /** How a training ended; null if it was given up because its workers have no slots. */
  private static TrainingTask.Outcome outcome(
      JavaFutureAction<List<TrainingTask.Outcome>> job, Slots slots, int workers)
      throws InterruptedException {
    try {
      while (!slots.areGone(workers)) {
        try {
          return job.get(1, TimeUnit.SECONDS).getFirst();
        } catch (TimeoutException e) {
          // the training goes on
        }
      }
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "Spark gave the training up; run again, and it goes on from its last checkpoint if"
              + " checkpointDir names a folder: "
              + reason(e),
          e);
    } finally {
      job.cancel(true);
    }
  }

  /** What a failure of Spark comes from, without the stack trace that Spark's messages hold. */
  static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException
            || cause.getClass().getPackageName().startsWith("org.apache.spark"))) {
      cause = cause.getCause();
    }
    return (cause.getMessage() == null ? cause.toString() : cause.getMessage())
        .lines()
        .takeWhile(line -> !line.startsWith("\tat "))
        .collect(Collectors.joining(" "));
  }

  /** Gives each worker the images of its shards. */
  private static final class ByShard extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int shards;
    private final int workers;

    ByShard(int shards, int workers) {
      this.shards = shards;
      this.workers = workers;
    }

    @Override
    public int numPartitions() {
      return workers;
    }

    @Override
    public int getPartition(Object index) {
      return new Shards(shards).workerOf((int) ((Long) index % shards), workers);
    }
  }
}
