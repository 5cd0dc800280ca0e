"""The demonstration plan: facts of a real action plan in our own words, carried out by invented people.

The JSON files beside this module hold data only. `content.load` reads them into plain values and refuses
what does not fit together.
"""
