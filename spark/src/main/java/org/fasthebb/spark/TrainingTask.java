package org.fasthebb.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.distributed.Checkpoints;
import org.fasthebb.models.distributed.LostWorkerException;
import org.fasthebb.models.distributed.Merger;
import org.fasthebb.models.distributed.ShardImages;
import org.fasthebb.models.distributed.ShardedTraining;
import org.fasthebb.models.distributed.Shards;
import org.fasthebb.models.distributed.TcpTransport;
import org.fasthebb.models.distributed.Transport;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.ModelFile;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * A worker of pre-training: one task of a barrier stage. Workers tell each other their addresses
 * once, through Spark, and then talk over connections of their own: Spark's own exchange of
 * messages takes a second each time.
 */
final class TrainingTask
    extends AbstractFunction1<Iterator<Tuple2<Long, byte[]>>, Iterator<TrainingTask.Outcome>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> start;
  private final int shards;
  private final int side;
  private final long images;
  private final String data;
  private final byte[] secret;
  private final int timeoutSeconds;
  private final int threads;
  private final String checkpointDir;
  private final int checkpointEvery;

  /**
   * What the first worker ends with.
   *
   * @param model content of a model file; null if the training was refused
   * @param refusal why, in one sentence; null if it was not
   */
  record Outcome(byte[] model, String refusal) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  TrainingTask(
      Broadcast<byte[]> start,
      int shards,
      int side,
      long images,
      String data,
      byte[] secret,
      int timeoutSeconds,
      int threads,
      String checkpointDir,
      int checkpointEvery) {
    this.start = start;
    this.shards = shards;
    this.side = side;
    this.images = images;
    this.data = data;
    this.secret = secret;
    this.timeoutSeconds = timeoutSeconds;
    this.threads = threads;
    this.checkpointDir = checkpointDir;
    this.checkpointEvery = checkpointEvery;
  }

  @Override
  public Iterator<Outcome> apply(Iterator<Tuple2<Long, byte[]>> rows) {
    BarrierTaskContext context = BarrierTaskContext.get();
    List<Outcome> ends = new ArrayList<>();
    try {
      byte[] model = train(context, rows);
      if (context.partitionId() == 0) {
        ends.add(new Outcome(model, null));
      }
    } catch (LostWorkerException e) {
      throw e; // Spark runs the stage again
    } catch (CheckpointException | IllegalArgumentException | IllegalStateException e) {
      // Another attempt would end in the same way, so this is handed to the driver as a result.
      if (context.partitionId() == 0) {
        ends.add(new Outcome(null, e.getMessage()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return CollectionConverters.asScala(ends.iterator());
  }

  private byte[] train(BarrierTaskContext context, Iterator<Tuple2<Long, byte[]>> rows)
      throws IOException {
    int rank = context.partitionId();
    int workers = context.numPartitions();
    String host = context.getTaskInfos()[rank].address().replaceAll(":\\d+$", "");
    try (Backend backend = Backend.cpu(threads == 0 ? context.cpus() : threads);
        ServerSocket listener = new ServerSocket(0, workers, InetAddress.getByName(host))) {
      String own = host + " " + listener.getLocalPort() + " " + backend.kernels();
      List<InetSocketAddress> addresses = addresses(context.allGather(own));
      Duration timeout = Duration.ofSeconds(timeoutSeconds);
      try (Transport transport = TcpTransport.connect(rank, addresses, listener, secret, timeout)) {
        return train(backend, new Merger(new Shards(shards), transport), rows);
      }
    }
  }

  /** The addresses in the workers' messages, by rank. */
  private static List<InetSocketAddress> addresses(String[] messages) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String message : messages) {
      String[] words = message.split(" ");
      addresses.add(new InetSocketAddress(words[0], Integer.parseInt(words[1])));
      if (!words[2].equals(messages[0].split(" ")[2])) {
        throw new IllegalStateException(
            ("workers compute with different kernels, whose sums differ in their last bits: %s at"
                    + " %s, %s at %s; force one, as by spark.executor.extraJavaOptions ="
                    + " -Dfasthebb.kernels=256")
                .formatted(
                    messages[0].split(" ")[2], messages[0].split(" ")[0], words[2], words[0]));
      }
    }
    return addresses;
  }

  private byte[] train(Backend backend, Merger merger, Iterator<Tuple2<Long, byte[]>> rows)
      throws IOException {
    Path file = Files.createTempFile("fasthebb", ".safetensors");
    try {
      Files.write(file, start.value());
      ModelFile model = ModelFile.read(backend, file);
      ShardedTraining training =
          new ShardedTraining(model, images, data, own(merger, rows), merger);
      Checkpoints kept =
          checkpointDir.isEmpty() ? Checkpoints.NONE : new JobCheckpoints(checkpointDir);
      training.run(kept, checkpointEvery);
      training.requireFinite();
      training.trained(data).write(file);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** The images of this worker's shards, each shard in the order of its images' numbers. */
  private List<ShardImages> own(Merger merger, Iterator<Tuple2<Long, byte[]>> rows) {
    TreeMap<Long, byte[]> byNumber = new TreeMap<>();
    while (rows.hasNext()) {
      Tuple2<Long, byte[]> row = rows.next();
      byNumber.put(row._1(), row._2());
    }
    List<ShardImages> own = new ArrayList<>();
    for (int shard = merger.first(); shard < merger.end(); shard++) {
      List<byte[]> pixels = new ArrayList<>();
      int wanted = shard;
      byNumber.forEach((number, image) -> {
        if (number % shards == wanted) {
          pixels.add(image);
        }
      });
      own.add(new ShardImages(side, Architecture.CHANNELS, pixels));
    }
    return own;
  }
}
