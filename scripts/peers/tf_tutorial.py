"""TensorFlow's DCGAN tutorial: one tf.function per step, called from a Python loop.

The gradients of both networks are taken at the same point, from one forward pass of the
generator. WGAN-GP, which the tutorial does not have, alternates.
"""

import keras
import tensorflow as tf

from peers.workloads import examples

SCHEDULE = "simultaneous_shared"


def build(workload, batch):
    """A function that trains for so many generator updates."""
    generator, discriminator = workload.networks()
    generator_optimizer = keras.optimizers.Adam(*workload.adam)
    discriminator_optimizer = keras.optimizers.Adam(*workload.adam)
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    latent_dim = workload.latent_dim

    @tf.function
    def train_step(images):
        noise = tf.random.normal([batch, latent_dim])
        with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            gen_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
            real_loss = cross_entropy(tf.ones_like(real_output), real_output)
            disc_loss = real_loss + cross_entropy(tf.zeros_like(fake_output), fake_output)
        gen_gradients = gen_tape.gradient(gen_loss, generator.trainable_variables)
        disc_gradients = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gen_gradients, generator.trainable_variables))
        discriminator_optimizer.apply_gradients(
            zip(disc_gradients, discriminator.trainable_variables)
        )

    @tf.function
    def critic_step(images):
        with tf.GradientTape() as tape:
            fake = generator(tf.random.normal([batch, latent_dim]), training=True)
            between = images + tf.random.uniform([batch, 1, 1, 1]) * (fake - images)
            with tf.GradientTape() as inner:
                inner.watch(between)
                output = discriminator(between, training=True)
            gradient = inner.gradient(output, between)
            norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + 1e-12)
            fake_output = discriminator(fake, training=True)
            real_output = discriminator(images, training=True)
            loss = tf.reduce_mean(fake_output) - tf.reduce_mean(real_output)
            loss += workload.penalty * tf.reduce_mean((norm - 1.0) ** 2)
        gradients = tape.gradient(loss, discriminator.trainable_variables)
        discriminator_optimizer.apply_gradients(zip(gradients, discriminator.trainable_variables))

    @tf.function
    def generator_step():
        with tf.GradientTape() as tape:
            fake = generator(tf.random.normal([batch, latent_dim]), training=True)
            loss = -tf.reduce_mean(discriminator(fake, training=True))
        gradients = tape.gradient(loss, generator.trainable_variables)
        generator_optimizer.apply_gradients(zip(gradients, generator.trainable_variables))

    data = tf.data.Dataset.from_tensor_slices(examples(workload))
    data = data.shuffle(workload.examples).batch(batch, drop_remainder=True).repeat()
    batches = iter(data.prefetch(tf.data.AUTOTUNE))

    def train(steps):
        for _ in range(steps):
            if workload.penalty:
                for _ in range(workload.critic_steps):
                    critic_step(next(batches))
                generator_step()
            else:
                train_step(next(batches))

    return train
