from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("polls", "0002_ballots_only_while_open")]

    operations = [
        migrations.AddField(
            model_name="prioritylist",
            name="column_title",
            field=models.CharField(
                blank=True, max_length=80, verbose_name="name of the percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="idea",
            constraint=models.UniqueConstraint(
                fields=("brainstorm", "carried_from"), name="carried_once_to_a_brainstorm"
            ),
        ),
        migrations.AddConstraint(
            model_name="priority",
            constraint=models.UniqueConstraint(
                fields=("list", "carried_from"), name="carried_once_to_a_list"
            ),
        ),
    ]
