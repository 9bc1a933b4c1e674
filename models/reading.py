"""Rows of one kind as they come out of the database: what a column holds as the program does is taken as it comes, only the rest is converted."""
from peewee import CharField, Field, ForeignKeyField, IntegerField, ModelObjectCursorWrapper, TextField


class Reading(ModelObjectCursorWrapper):
    """The rows that a cursor gives, each as one of its kind."""

    def initialize(self):
        super().initialize()
        self.turned = [(self.unique_columns[place], self.converters[place]) for place in self.convert if not as_kept(self.fields[place])]

    def process_row(self, row):
        values = dict(zip(self.unique_columns, row))
        for name, turn in self.turned:
            values[name] = turn(values[name])
        made = self.constructor(__no_default__=1, **values)
        made._dirty.clear()
        return made


def as_kept(field):
    """Whether the database gives the values of a field as they are: texts, whole numbers and the ids of other rows."""
    if isinstance(field, ForeignKeyField):
        return as_kept(field.rel_field)
    return isinstance(field, (CharField, IntegerField, TextField)) and type(field).python_value is Field.python_value
