package org.fasthebb.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
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

  private final HebbianFeatures how;
  private final Broadcast<byte[]> start;
  private final long images;
  private final String data;
  private final Trust trust;
  private final SerializableConfiguration files;

  /**
   * What workers must have in common.
   *
   * @param secret that only they know
   * @param kernels of the driver, which has prepared the inputs
   */
  record Trust(byte[] secret, String kernels) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * What the first worker ends with.
   *
   * @param model content of a model file; null if the training was refused
   * @param costs what a step took, in one line
   * @param refusal why, in one sentence; null if it was not
   */
  record Outcome(byte[] model, String costs, String refusal) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A task.
   *
   * @param start the network to start from, a model file
   * @param images number of images of all workers
   * @param data name and digest of the images
   * @param files the settings of the job's file systems
   */
  TrainingTask(
      HebbianFeatures how,
      Broadcast<byte[]> start,
      long images,
      String data,
      Trust trust,
      SerializableConfiguration files) {
    this.how = how;
    this.start = start;
    this.images = images;
    this.data = data;
    this.trust = trust;
    this.files = files;
  }

  @Override
  public Iterator<Outcome> apply(Iterator<Tuple2<Long, byte[]>> rows) {
    BarrierTaskContext context = BarrierTaskContext.get();
    List<Outcome> ends = new ArrayList<>();
    try {
      Outcome outcome = train(context, rows);
      if (context.partitionId() == 0) {
        ends.add(outcome);
      }
    } catch (LostWorkerException e) {
      throw e; // Spark runs the stage again
    } catch (CheckpointException | IllegalArgumentException | IllegalStateException e) {
      // Another attempt would end in the same way, so this is handed to the driver as a result.
      if (context.partitionId() == 0) {
        ends.add(new Outcome(null, null, e.getMessage()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return CollectionConverters.asScala(ends.iterator());
  }

  private Outcome train(BarrierTaskContext context, Iterator<Tuple2<Long, byte[]>> rows)
      throws IOException {
    int rank = context.partitionId();
    int workers = context.numPartitions();
    String host = context.getTaskInfos()[rank].address().replaceAll(":\\d+$", "");
    int threads = how.whole(how.threads()).intValue();
    try (Backend backend = Backend.cpu(threads == 0 ? context.cpus() : threads);
        ServerSocket listener = new ServerSocket(0, workers, InetAddress.getByName(host))) {
      String own = host + " " + listener.getLocalPort() + " " + backend.kernels();
      List<InetSocketAddress> addresses = addresses(context.allGather(own));
      Shards shards = new Shards(how.whole(how.shards()).intValue());
      try (Transport transport =
          TcpTransport.connect(rank, addresses, listener, trust.secret, how.patience())) {
        return train(backend, new Merger(shards, transport), rows);
      }
    }
  }

  /** The addresses in the workers' messages, by rank. */
  private List<InetSocketAddress> addresses(String[] messages) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String message : messages) {
      String[] words = message.split(" ");
      addresses.add(new InetSocketAddress(words[0], Integer.parseInt(words[1])));
      if (!words[2].equals(trust.kernels)) {
        throw new IllegalStateException(
            ("other kernels give other last bits: %s at the driver, %s at %s; force one for both,"
                    + " as by spark.driver.extraJavaOptions and spark.executor.extraJavaOptions ="
                    + " -Dfasthebb.kernels=256, and start a driver that is a program of yours with"
                    + " --add-modules jdk.incubator.vector")
                .formatted(trust.kernels, words[2], words[0]));
      }
    }
    return addresses;
  }

  private Outcome train(Backend backend, Merger merger, Iterator<Tuple2<Long, byte[]>> rows)
      throws IOException {
    try (LocalFolder local = new LocalFolder()) {
      ModelFile model = ModelFile.read(backend, local.model(start.value()));
      List<ShardImages> own = own(merger, model.network().side(), rows);
      ShardedTraining training = new ShardedTraining(model, images, data, own, merger);
      String folder = how.getOrDefault(how.checkpointDir());
      Checkpoints kept =
          folder.isEmpty()
              ? Checkpoints.NONE
              : new JobCheckpoints(folder, local.path(), files.value());
      training.run(kept, how.whole(how.checkpointEvery()).intValue());
      training.requireFinite();
      return new Outcome(local.bytes(training.trained(data)), training.costs().words(), null);
    }
  }

  /** The images of this worker's shards, each shard in the order of its images' numbers. */
  private static List<ShardImages> own(
      Merger merger, int side, Iterator<Tuple2<Long, byte[]>> rows) {
    List<TreeMap<Long, byte[]>> byNumber = new ArrayList<>();
    for (int shard = merger.first(); shard < merger.end(); shard++) {
      byNumber.add(new TreeMap<>());
    }
    while (rows.hasNext()) {
      Tuple2<Long, byte[]> row = rows.next();
      int shard = (int) (row._1() % merger.shards().count());
      byNumber.get(shard - merger.first()).put(row._1(), row._2());
    }
    return byNumber.stream()
        .map(shard -> new ShardImages(side, Architecture.CHANNELS, List.copyOf(shard.values())))
        .toList();
  }
}
